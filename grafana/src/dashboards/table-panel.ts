import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { CellLink } from "./links.ts";
import { describe, refId, target, type PanelOptions, type Thresholds } from "./panel-kinds.ts";

/** A column of values: one query. */
export interface ValueColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly width?: number;
  /** Colours the value. */
  readonly thresholds?: Thresholds;
  /** Draws a bar from 0 to this. */
  readonly gaugeMax?: number;
  /** Only its labels matter. @defaultValue false */
  readonly hidden?: boolean;
}

/** A column of a label that the queries keep. */
export interface LabelColumn {
  readonly label: string;
  readonly title: string;
  readonly width?: number;
  /** Where its values lead to. */
  readonly link?: CellLink;
}

interface TableOptions extends Omit<PanelOptions, "queries" | "unit" | "thresholds" | "max"> {
  readonly labels: readonly LabelColumn[];
  readonly values: readonly ValueColumn[];
  /** Title of the column to sort by. */
  readonly sortBy: string;
  /** Lowest first. @defaultValue false */
  readonly ascending?: boolean;
}

/** One row for each combination of labels, one column for each query. */
export function table(options: TableOptions): Builder<Panel> {
  const { labels, values, sortBy, ascending = false } = options;
  const builder = describe(
    new TableBuilder(),
    { ...options, unit: "short" },
    { width: 24, height: 10 },
  );
  for (const [index, { expr }] of values.entries()) {
    builder.withTarget(target({ expr }, index, "instant").format(PromQueryFormat.Table));
  }
  const valueName = (index: number): string =>
    values.length === 1 ? "Value" : `Value #${refId(index)}`;
  const names = [
    ...labels.map(({ label, title }) => [label, title] as const),
    ...values.flatMap(({ title, hidden }, index) =>
      hidden === true ? [] : [[valueName(index), title] as const],
    ),
  ];
  builder
    .withTransformation({ id: "merge", options: {} })
    // Only what has a column: a label that one query keeps by the way would be one more.
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: names.map(([name]) => name) } },
    })
    .withTransformation({
      id: "organize",
      options: {
        renameByName: Object.fromEntries(names),
        indexByName: Object.fromEntries(names.map(([name], index) => [name, index])),
        excludeByName: {},
      },
    })
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(!ascending)]);
  for (const column of labels) builder.overrideByName(column.title, labelProperties(column));
  for (const column of values) builder.overrideByName(column.title, valueProperties(column));
  return builder;
}

function labelProperties({ width, link }: LabelColumn): DynamicConfigValue[] {
  return [
    ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
    ...(link === undefined ? [] : [{ id: "links", value: [link] }]),
  ];
}

function valueProperties(column: ValueColumn): DynamicConfigValue[] {
  const { unit, decimals, width, thresholds, gaugeMax } = column;
  const cell = gaugeMax === undefined ? "color-text" : "gauge";
  return [
    { id: "unit", value: unit },
    { id: "custom.align", value: "right" },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
    ...(gaugeMax === undefined
      ? []
      : [
          { id: "min", value: 0 },
          { id: "max", value: gaugeMax },
        ]),
    ...(thresholds === undefined
      ? []
      : [
          { id: "custom.cellOptions", value: { type: cell, mode: "basic" } },
          {
            id: "thresholds",
            value: {
              mode: "absolute",
              steps: [
                { value: null, color: "green" },
                ...thresholds.map(([value, color]) => ({ value, color })),
              ],
            },
          },
        ]),
  ];
}

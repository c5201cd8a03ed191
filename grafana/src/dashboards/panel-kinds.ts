import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TextBuilder, TextMode } from "@grafana/grafana-foundation-sdk/text";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { CONFIG } from "../config.ts";
import { DATASOURCE } from "./variables.ts";

/** A query, and what its series are called: a template over labels. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** From which value on which colour; what lies below the first is green. */
export type Thresholds = readonly (readonly [value: number, color: "yellow" | "orange" | "red"])[];

/** What all panels with data have. */
export interface PanelOptions {
  readonly title: string;
  /** What it shows and how to read it. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** As Grafana names units. */
  readonly unit: string;
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
  /** Columns of the grid's 24, and rows. */
  readonly width?: number;
  readonly height?: number;
  readonly max?: number;
  /** The alert whose runbook the panel links to. */
  readonly runbook?: string;
  /** What stands there without data. */
  readonly noValue?: string;
}

type PanelBuilder = Builder<Panel>;

const STAT_HEIGHT = 4;
const GRAPH_HEIGHT = 8;
const GRAPH_WIDTH = 12;
/** No line is drawn over a gap that is longer. */
const LONGEST_GAP_MS = 1_800_000;
/** Pixels at most: few bars are no taller than many. */
const BAR_HEIGHT = 26;

/** A figure over the time shown. */
export function stat(options: PanelOptions): PanelBuilder {
  const builder = describe(new StatBuilder(), options, { width: 4, height: STAT_HEIGHT })
    .graphMode(BigValueGraphMode.None)
    .colorMode(options.thresholds === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .reduceOptions(lastValue());
  return withQueries(builder, options, "instant");
}

/** Bars, longest first. */
export function barGauge(options: PanelOptions): PanelBuilder {
  const builder = describe(new BarGaugeBuilder(), options, { width: 8, height: GRAPH_HEIGHT })
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .namePlacement(BarGaugeNamePlacement.Left)
    .showUnfilled(true)
    // A single bar has no name otherwise.
    .displayName("${__series.name}")
    .maxVizHeight(BAR_HEIGHT)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(15))
    .min(0)
    .reduceOptions(lastValue());
  if (options.thresholds === undefined) {
    builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor("blue"));
  }
  return withQueries(builder, options, "instant");
}

/** How a graph is drawn. */
interface GraphOptions extends PanelOptions {
  /** Areas on each other, for what adds up. @defaultValue false */
  readonly stacked?: boolean;
  readonly min?: number;
  /** Colours of series by their name. */
  readonly colors?: Readonly<Record<string, string>>;
}

export function timeSeries(options: GraphOptions): PanelBuilder {
  const { stacked = false, min = 0, colors = {} } = options;
  const builder = describe(new TimeSeriesBuilder(), options, {
    width: GRAPH_WIDTH,
    height: GRAPH_HEIGHT,
  })
    .min(min)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .stacking(
      new StackingConfigBuilder()
        .mode(stacked ? StackingMode.Normal : StackingMode.None)
        .group("A"),
    )
    .axisSoftMax(softMaxOf(options.unit))
    .insertNulls(LONGEST_GAP_MS)
    .legend(legendOf(options.width ?? GRAPH_WIDTH))
    .tooltip(
      // oxlint-disable-next-line unicorn/no-array-sort -- a builder, no array
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
  if (options.thresholds !== undefined) {
    builder
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
      .thresholdsStyle(
        new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
      );
  }
  for (const [name, color] of Object.entries(colors)) {
    builder.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
  }
  return withQueries(builder, options, "range");
}

/** A table beside the graph where there is room for one. */
function legendOf(width: number): VizLegendOptionsBuilder {
  const legend = new VizLegendOptionsBuilder().showLegend(true);
  return width < GRAPH_WIDTH
    ? legend.displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom)
    : legend
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .calcs(["mean", "max"])
        .sortBy("Mean")
        .sortDesc(true);
}

/** The axis of what is zero all the time ends here, not at 100. */
function softMaxOf(unit: string): number {
  return unit === "currencyUSD" || unit === "percentunit" || unit === "s" ? 0.01 : 1;
}

/** Words, in Markdown. */
export function text(content: string, height: number, width = 24): PanelBuilder {
  return new TextBuilder().mode(TextMode.Markdown).content(content).span(width).height(height);
}

/** The options that every kind of panel takes alike. */
interface Describable<Self> {
  title(title: string): Self;
  description(text: string): Self;
  datasource(ref: typeof DATASOURCE): Self;
  unit(unit: string): Self;
  decimals(decimals: number): Self;
  max(max: number): Self;
  noValue(text: string): Self;
  span(width: number): Self;
  height(height: number): Self;
  links(links: Builder<ReturnType<DashboardLinkBuilder["build"]>>[]): Self;
  thresholds(thresholds: ThresholdsConfigBuilder): Self;
}

export function describe<Self extends Describable<Self>>(
  builder: Self,
  options: Omit<PanelOptions, "queries">,
  size: { readonly width: number; readonly height: number },
): Self {
  const { title, description, unit, decimals, max, runbook, noValue } = options;
  builder
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(options.width ?? size.width)
    .height(options.height ?? size.height)
    .thresholds(thresholdsOf(options.thresholds ?? []));
  if (decimals !== undefined) builder.decimals(decimals);
  if (max !== undefined) builder.max(max);
  if (noValue !== undefined) builder.noValue(noValue);
  if (runbook !== undefined) builder.links([runbookLink(runbook)]);
  return builder;
}

function runbookLink(alert: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${alert}`)
    .type(DashboardLinkType.Link)
    .url(`${CONFIG.runbookUrl}${alert}.md`)
    .targetBlank(true);
}

function thresholdsOf(thresholds: Thresholds): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: "green" },
      ...thresholds.map(([value, color]) => ({ value, color })),
    ]);
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("").values(false);
}

interface Targetable<Self> {
  withTarget(target: DataqueryBuilder): Self;
}

function withQueries<Self extends Targetable<Self>>(
  builder: Self,
  { queries }: PanelOptions,
  kind: "instant" | "range",
): Self {
  for (const [index, query] of queries.entries()) builder.withTarget(target(query, index, kind));
  return builder;
}

export function target(
  { expr, legend = "__auto" }: Query,
  index: number,
  kind: "instant" | "range",
): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId(refId(index))
    .expr(expr)
    .legendFormat(legend);
  return kind === "instant" ? builder.instant() : builder.range();
}

/** A, B, C … */
export function refId(index: number): string {
  return String.fromCodePoint(65 + index);
}

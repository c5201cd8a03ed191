import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
  type Panel,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { CONFIG } from "../config.ts";
import { filterVariables } from "./variables.ts";

/** A row and what stands in it, from left to right. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

export interface DashboardOptions {
  /** Stable: links and bookmarks hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly sections: readonly Section[];
  /** Besides the filters that all have. */
  readonly variables?: readonly Builder<VariableModel>[];
  /** @defaultValue `now-24h` */
  readonly from?: string;
}

const TAG = "tollgate";

export function dashboard(options: DashboardOptions): Dashboard {
  const builder = new DashboardBuilder(options.title)
    .uid(options.uid)
    .description(options.description)
    .tags([TAG])
    .timezone("browser")
    .time({ from: options.from ?? "now-24h", to: "now" })
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .variables([...filterVariables(), ...(options.variables ?? [])])
    .links([siblings(), runbooks()]);
  for (const { title, panels } of options.sections) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder.build();
}

function siblings(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Tollgate")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

function runbooks(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Runbooks")
    .type(DashboardLinkType.Link)
    .icon("doc")
    .url(CONFIG.runbookUrl)
    .targetBlank(true);
}

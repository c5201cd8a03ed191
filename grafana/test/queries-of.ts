import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** A query of a dashboard, as it stands there. */
export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Panels, those in rows included. */
export function panelsOf(dashboard: Dashboard): readonly unknown[] {
  return list(dashboard.panels).flatMap((panel) => [panel, ...list(member(panel, "panels"))]);
}

export function queriesOf(dashboard: Dashboard): readonly PanelQuery[] {
  return panelsOf(dashboard).flatMap((panel) =>
    list(member(panel, "targets")).map((target) => ({
      dashboard: dashboard.uid ?? "",
      panel: String(member(panel, "title")),
      expr: String(member(target, "expr")),
    })),
  );
}

/** With the values that Grafana would put in place of variables. */
export function filledIn(expr: string): string {
  return expr
    .replaceAll("$__rate_interval", "4m")
    .replaceAll("$__range", "6h")
    .replaceAll(/\$[a-z]+/g, ".*");
}

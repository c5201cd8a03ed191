import { CONFIG } from "../config.ts";

/** Where a cell leads to. */
export interface CellLink {
  readonly title: string;
  readonly url: string;
}

const TIME = "${__url_time_range}&${datasource:queryparam}";
const FILTERS = ["organization", "project", "agent", "provider", "model"] as const;

type Filter = (typeof FILTERS)[number];

function cell(column: string): string {
  return `\${__data.fields.${column}:percentencode}`;
}

/**
 * Leads to the attribution of cost of a row, down to one of its names; filters that the row does not name stay.
 *
 * @param names - the filter and the column of each name, the last being the one that is clicked.
 */
export function drillDown(...names: readonly (readonly [Filter, string])[]): CellLink {
  const [, last = ""] = names.at(-1) ?? [];
  const kept = FILTERS.filter((filter) => names.every(([name]) => name !== filter));
  const query = [
    TIME,
    ...names.map(([name, column]) => `var-${name}=${cell(column)}`),
    ...kept.map((filter) => `\${${filter}:queryparam}`),
  ];
  return {
    title: `Attribution of \${__data.fields.${last}}`,
    url: `/d/tollgate-attribution?${query.join("&")}`,
  };
}

export function budgetLink(column: string): CellLink {
  return {
    title: "This budget",
    url: `/d/tollgate-budgets?${TIME}&var-budget=${cell(column)}`,
  };
}

/** Leads to the runbook of the alert in a column. */
export function runbookOf(column: string): CellLink {
  return { title: "Runbook", url: `${CONFIG.runbookUrl}\${__data.fields.${column}}.md` };
}

import { CONFIG } from "../config.ts";

const TIME = "${__url_time_range}&${datasource:queryparam}";

/** Leads to the attribution of cost with one more name chosen. */
export function drillDown(
  variable: string,
  column: string,
): { readonly title: string; readonly url: string } {
  return {
    title: `Attribution of \${__data.fields.${column}}`,
    url: `/d/tollgate-attribution?\${__url_time_range}&\${datasource:queryparam}&var-${variable}=\${__data.fields.${column}}`,
  };
}

export function budgetLink(column: string): { readonly title: string; readonly url: string } {
  return {
    title: "This budget",
    url: `/d/tollgate-budgets?${TIME}&var-budget=\${__data.fields.${column}}`,
  };
}

/** Leads to the runbook of the alert in a column. */
export function runbookOf(column: string): { readonly title: string; readonly url: string } {
  return { title: "Runbook", url: `${CONFIG.runbookUrl}\${__data.fields.${column}}.md` };
}

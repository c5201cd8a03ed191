import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  AGENT,
  BUDGET,
  MODEL,
  ORGANIZATION,
  PROJECT,
  PROVIDER,
  RUN_AGENT,
} from "../metrics/labels.ts";
import { REQUESTS, UTILIZATION } from "../metrics/names.ts";
import { select } from "../promql/promql.ts";

/** Every panel's data source. */
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" } as const;

/** Variables over labels, in the order in which each narrows the next. */
const FILTERS = [
  ["organization", "Organisation", ORGANIZATION],
  ["project", "Project", PROJECT],
  ["agent", "Agent", AGENT],
  ["provider", "Provider", PROVIDER],
  ["model", "Model", MODEL],
] as const;

type Name = (typeof FILTERS)[number][0];

/** All stands for `.*`, which matches series without the label too. */
function matcher(label: string, variable: string): string {
  return `${label}=~"$${variable}"`;
}

function matchers(...names: readonly Name[]): readonly string[] {
  return FILTERS.filter(([name]) => names.includes(name)).map(([name, , label]) =>
    matcher(label, name),
  );
}

/** What is chosen, on series of calls. */
export const CALLS: readonly string[] = FILTERS.map(([name, , label]) => matcher(label, name));

/** On series of agents and tools, which name the agent as the conventions do. */
export const RUNS: readonly string[] = [
  ...matchers("organization", "project"),
  matcher(RUN_AGENT, "agent"),
];

/** On series of tasks, which have no agent. */
export const TASKS: readonly string[] = matchers("organization", "project");

/** On series of budgets. */
export const BUDGETS: readonly string[] = [
  matcher(BUDGET, "budget"),
  ...matchers("organization", "project", "agent"),
];

export const BUDGET_VARIABLE: Builder<VariableModel> = labelVariable(
  "budget",
  "Budget",
  `label_values(${UTILIZATION}, ${BUDGET})`,
);

/** The data source and the five filters. */
export function filterVariables(): readonly Builder<VariableModel>[] {
  return [
    new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"),
    ...FILTERS.map(([name, title, label], index) => {
      const before = FILTERS.slice(0, index).map(([known, , key]) => matcher(key, known));
      return labelVariable(name, title, `label_values(${select(REQUESTS, ...before)}, ${label})`);
    }),
  ];
}

function labelVariable(name: string, title: string, query: string): Builder<VariableModel> {
  return (
    new QueryVariableBuilder(name)
      .label(title)
      .datasource(DATASOURCE)
      .query({ query, refId: name })
      .refresh(VariableRefresh.OnTimeRangeChanged)
      // oxlint-disable-next-line unicorn/no-array-sort -- a builder, no array
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ text: ["All"], value: ["$__all"] })
  );
}

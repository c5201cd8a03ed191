/** Panels that have nothing to show of the demo, by the reason. */
const EMPTY: Readonly<Record<string, readonly string[]>> = {
  "nothing evaluates the rules": [
    "Budgets / Burn rate over an hour",
    "Overview / Alerts that fire",
  ],
  "a memory store answers at once and is not measured": ["Budgets / Store answers within"],
  "no coding agent sends anything": [
    "Coding agents / Agents and projects",
    "Coding agents / Calls",
    "Coding agents / Input from the cache",
    "Coding agents / Models",
    "Coding agents / Share of all spend",
    "Coding agents / Spend",
    "Coding agents / Spend per hour by agent",
    "Coding agents / Spend per hour by project",
    "Coding agents / Tokens a second",
    "Coding agents / What is billed",
  ],
  "the sample app traces no agents, tools or tasks": [
    "Cost attribution / Cost per completed task",
    "Cost attribution / Tasks completed",
    "Cost attribution / Tasks completed by kind",
    "Efficiency / Model calls per run",
    "Efficiency / Tool calls per run",
    "Performance / Runs of agents, 95 %",
    "Performance / Tools, 95 %",
  ],
  "no call fails": ["Performance / Errors by type"],
  "every model has a price": ["Pipeline health / Models without a price"],
  "there is no collector": [
    "Pipeline health / Bytes received",
    "Pipeline health / Collectors up",
    "Pipeline health / Decoding, 99 %",
    "Pipeline health / Events that wait",
    "Pipeline health / Records",
    "Pipeline health / Requests by outcome",
    "Pipeline health / Taken in, not answered",
    "Pipeline health / Their bytes",
    "Pipeline health / Values cut",
    "Pipeline health / What became of events",
  ],
  "no budget decides on metrics": [
    "Pipeline health / Age of the metrics that budgets decide on",
    "Pipeline health / Deciding on metrics",
    "Pipeline health / Metrics against the ledger",
  ],
};

export const EMPTY_ON_THE_DEMO: readonly string[] = Object.values(EMPTY).flat();

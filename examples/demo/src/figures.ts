import type { BudgetUnit } from "@tollgate/core";
import {
  ATTR_AGENT,
  ATTR_BUDGET,
  ATTR_OUTCOME,
  ATTR_PROJECT,
  budgetGauge,
  METRIC_BUDGET_THROTTLE_SECONDS,
  METRIC_COST_USD,
  METRIC_REQUESTS,
  METRIC_USAGE_INPUT_TOKENS,
  METRIC_USAGE_OUTPUT_TOKENS,
} from "@tollgate/core/semconv";
import type { PrometheusFamily, PrometheusSample } from "@tollgate/testkit";
import { LEDGER_BUDGET } from "./agents.ts";

/** What the metrics and the ledger say of one agent. */
export interface AgentFigures {
  readonly agent: string;
  readonly project: string;
  /** Calls that were let through. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the budget that covers everything has charged. */
  readonly ledgerUsd: number;
  /** What the cost counter has counted. */
  readonly metricsUsd: number;
}

/**
 * The fullest counter of a budget, in US dollars, tokens or requests. Each process of the demo counts
 * for itself, so neither limits nor spend of several add up.
 */
export interface BudgetFigures {
  readonly budget: string;
  readonly unit: BudgetUnit;
  readonly spent: number;
  readonly reserved: number;
  readonly limit: number;
}

export interface Figures {
  /** By project, then by agent. */
  readonly agents: readonly AgentFigures[];
  readonly budgets: readonly BudgetFigures[];
  readonly refused: number;
  /** Calls that waited for a budget and got through, or gave up. */
  readonly throttled: number;
  readonly throttledSeconds: number;
  /** Whether a call still holds part of a budget. */
  readonly callsUnderWay: boolean;
}

type Samples = readonly PrometheusSample[];
const UNITS: readonly BudgetUnit[] = ["usd", "tokens", "requests"];
const LABEL = {
  agent: prometheusName(ATTR_AGENT),
  project: prometheusName(ATTR_PROJECT),
  budget: prometheusName(ATTR_BUDGET),
  outcome: prometheusName(ATTR_OUTCOME),
} as const;

/** Reads the figures out of what `/metrics` says. */
export function readFigures(families: readonly PrometheusFamily[]): Figures {
  const byName = Map.groupBy(
    families.flatMap((family) => family.samples),
    (sample) => sample.name,
  );
  const series = (name: string): Samples => byName.get(prometheusName(name)) ?? [];
  const requests = series(`${METRIC_REQUESTS.name}_total`);
  const refused = requests.filter((sample) => sample.labels[LABEL.outcome] === "refused");
  return {
    agents: readAgents(series).toSorted(
      (a, b) => a.project.localeCompare(b.project) || a.agent.localeCompare(b.agent),
    ),
    budgets: readBudgets(series),
    refused: sum(refused),
    throttled: sum(series(`${METRIC_BUDGET_THROTTLE_SECONDS.name}_count`)),
    throttledSeconds: sum(series(`${METRIC_BUDGET_THROTTLE_SECONDS.name}_sum`)),
    callsUnderWay: UNITS.some((unit) => sum(series(budgetGauge("reserved", unit).name)) > 0),
  };
}

function readAgents(series: (name: string) => Samples): AgentFigures[] {
  const requests = series(`${METRIC_REQUESTS.name}_total`);
  const names = Map.groupBy(
    requests.filter(({ labels }) => labels[LABEL.agent] !== undefined),
    ({ labels }) => `${labels[LABEL.project] ?? ""} ${labels[LABEL.agent] ?? ""}`,
  );
  return [...names.values()].flatMap(([first]) => {
    const agent = first?.labels[LABEL.agent] ?? "";
    const project = first?.labels[LABEL.project] ?? "";
    const own = (samples: Samples): Samples =>
      samples.filter(({ labels }) => labels[LABEL.agent] === agent);
    const ownInProject = (name: string): Samples =>
      own(series(name)).filter(({ labels }) => labels[LABEL.project] === project);
    const passed = ownInProject(`${METRIC_REQUESTS.name}_total`).filter(
      ({ labels }) => labels[LABEL.outcome] !== "refused",
    );
    const ledger = own(series(budgetGauge("spent", "usd").name)).filter(
      ({ labels }) => labels[LABEL.budget] === LEDGER_BUDGET,
    );
    return {
      agent,
      project,
      calls: sum(passed),
      inputTokens: sum(ownInProject(`${METRIC_USAGE_INPUT_TOKENS.name}_total`)),
      outputTokens: sum(ownInProject(`${METRIC_USAGE_OUTPUT_TOKENS.name}_total`)),
      ledgerUsd: roundToNano(sum(ledger)),
      metricsUsd: roundToNano(sum(ownInProject(`${METRIC_COST_USD.name}_total`))),
    };
  });
}

function readBudgets(series: (name: string) => Samples): BudgetFigures[] {
  const counters = UNITS.flatMap((unit) => {
    const of = (what: "spent" | "reserved", limit: PrometheusSample): number =>
      sum(series(budgetGauge(what, unit).name).filter((sample) => sameLabels(sample, limit)));
    return series(budgetGauge("limit", unit).name).map((limit) => ({
      budget: limit.labels[LABEL.budget] ?? "",
      unit,
      spent: of("spent", limit),
      reserved: of("reserved", limit),
      limit: limit.value,
    }));
  });
  const byBudget = Map.groupBy(counters, ({ budget, unit }) => `${budget} ${unit}`);
  return [...byBudget.values()].flatMap((own) =>
    own.toSorted((a, b) => usedShare(b) - usedShare(a)).slice(0, 1),
  );
}

/** How much of the limit is used, from 0; held amounts count, as they do when a call asks for room. */
export function usedShare({ spent, reserved, limit }: BudgetFigures): number {
  return limit > 0 ? (spent + reserved) / limit : 0;
}

function sameLabels(one: PrometheusSample, other: PrometheusSample): boolean {
  const entries = Object.entries(one.labels);
  return (
    entries.length === Object.keys(other.labels).length &&
    entries.every(([name, value]) => other.labels[name] === value)
  );
}

function prometheusName(name: string): string {
  return name.replaceAll(".", "_");
}

function sum(samples: Samples): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

/** Sums of floating-point dollars are exact again at nine decimals. */
function roundToNano(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}

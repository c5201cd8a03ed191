import type { CallOutcome, CostType, UsageEvent } from "@tollgate/core";
import {
  ATTR_AGENT,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION_NAME,
  ATTR_ORGANIZATION,
  ATTR_OVERFLOW,
  ATTR_PROJECT,
  ATTR_PROVIDER_NAME,
  ATTR_REQUEST_MODEL,
  ATTR_RESPONSE_MODEL,
} from "@tollgate/core/semconv";
import type { Counters, Modality, NoValue, TokenType } from "./counters.ts";
import { createSeriesFamily, type Labels, type SeriesFamily, type SeriesPicker } from "./series.ts";

/** What may become a metric label besides provider, model and operation, which always are. */
export type MetricLabel = "organization" | "project" | "agent";

/** Everything that is summed for one label set. */
export interface Account {
  readonly labels: Labels;
  /** Sums for `totals()`. */
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  requests: number;
  /** Series of the counters. */
  readonly series: {
    readonly inputTokens: SeriesPicker<Modality>;
    readonly outputTokens: SeriesPicker<Modality>;
    readonly cacheReadTokens: SeriesPicker<Modality>;
    readonly cacheWriteTokens: SeriesPicker<Modality>;
    readonly reasoningTokens: SeriesPicker<Modality>;
    readonly estimatedTokens: SeriesPicker<TokenType>;
    readonly cost: SeriesPicker<CostType>;
    readonly requests: SeriesPicker<CallOutcome>;
    readonly unpricedRequests: SeriesPicker<NoValue>;
    readonly prefixPricedRequests: SeriesPicker<NoValue>;
    readonly estimatedRequests: SeriesPicker<NoValue>;
  };
  /** Attributes of the duration by error type. */
  readonly duration: SeriesPicker<string>;
}

export interface Accounts {
  /** The account of an event; the overflow account once all label sets are taken. */
  of(event: UsageEvent, responseModel: string | undefined): Account;
  all(): readonly Account[];
}

/** Label values in a row lead to an account; faster than one joined key, and nothing can collide. */
interface Branch {
  readonly next: Map<string, Branch>;
  account: Account | undefined;
}

/** In the order of their names, which the SDK sorts them by on every record. */
const LABEL_NAMES = [
  ATTR_OPERATION_NAME,
  ATTR_PROVIDER_NAME,
  ATTR_REQUEST_MODEL,
  ATTR_RESPONSE_MODEL,
  ATTR_AGENT,
  ATTR_ORGANIZATION,
  ATTR_PROJECT,
] as const;

export function createAccounts(
  counters: Counters,
  labels: readonly MetricLabel[],
  maxSeries: number,
): Accounts {
  const durations = createSeriesFamily<string>(maxSeries, { name: ATTR_ERROR_TYPE, values: [] });
  const root: Branch = { next: new Map(), account: undefined };
  const opened: Account[] = [];
  let overflow: Account | undefined;
  const hasAgent = labels.includes("agent");
  const hasOrganization = labels.includes("organization");
  const hasProject = labels.includes("project");

  const open = (own: Labels | undefined): Account => {
    const account = openAccount(counters, durations, own);
    opened.push(account);
    return account;
  };

  return {
    of({ attribution, operation, provider, requestModel }, responseModel) {
      const values = [
        operation,
        provider,
        requestModel ?? "",
        responseModel ?? "",
        (hasAgent && attribution.agent) || "",
        (hasOrganization && attribution.organization) || "",
        (hasProject && attribution.project) || "",
      ];
      const known = find(root, values);
      if (known !== undefined) return known;
      if (overflow !== undefined) return overflow;
      if (opened.length >= maxSeries - 1) return (overflow = open(undefined));
      const branch = grow(root, values);
      branch.account = open(labelsOf(values));
      return branch.account;
    },

    all: () => opened,
  };
}

function find(root: Branch, values: readonly string[]): Account | undefined {
  let branch = root;
  for (const value of values) {
    const next = branch.next.get(value);
    if (next === undefined) return undefined;
    branch = next;
  }
  return branch.account;
}

function grow(root: Branch, values: readonly string[]): Branch {
  let branch = root;
  for (const value of values) {
    let next = branch.next.get(value);
    if (next === undefined) {
      next = { next: new Map(), account: undefined };
      branch.next.set(value, next);
    }
    branch = next;
  }
  return branch;
}

/** Without the empty ones: to Prometheus an empty label is no label. */
function labelsOf(values: readonly string[]): Labels {
  const entries = LABEL_NAMES.map((name, index) => [name, values[index] ?? ""] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function openAccount(
  counters: Counters,
  durations: SeriesFamily<string>,
  own: Labels | undefined,
): Account {
  return {
    labels: own ?? { [ATTR_OVERFLOW]: true },
    costNanoUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    requests: 0,
    series: {
      inputTokens: counters.inputTokens.picker(own),
      outputTokens: counters.outputTokens.picker(own),
      cacheReadTokens: counters.cacheReadTokens.picker(own),
      cacheWriteTokens: counters.cacheWriteTokens.picker(own),
      reasoningTokens: counters.reasoningTokens.picker(own),
      estimatedTokens: counters.estimatedTokens.picker(own),
      cost: counters.cost.picker(own),
      requests: counters.requests.picker(own),
      unpricedRequests: counters.unpricedRequests.picker(own),
      prefixPricedRequests: counters.prefixPricedRequests.picker(own),
      estimatedRequests: counters.estimatedRequests.picker(own),
    },
    duration: durations.picker(own),
  };
}

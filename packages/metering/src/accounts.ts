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
import { createSeriesFamily, type Labels, type SeriesPicker } from "./series.ts";

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
    readonly estimatedRequests: SeriesPicker<NoValue>;
  };
  /** Attributes of the duration by error type. */
  readonly duration: SeriesPicker<string>;
}

export interface Accounts {
  /** The account of an event; the overflow account once all label sets are taken. */
  of(event: UsageEvent, responseModel: string | undefined): Account;
  all(): Iterable<Account>;
}

export function createAccounts(
  counters: Counters,
  labels: readonly MetricLabel[],
  maxSeries: number,
): Accounts {
  const durations = createSeriesFamily<string>(maxSeries, { name: ATTR_ERROR_TYPE, values: [] });
  const byKey = new Map<string, Account>();
  let overflow: Account | undefined;
  const hasAgent = labels.includes("agent");
  const hasOrganization = labels.includes("organization");
  const hasProject = labels.includes("project");

  const openAccount = (own: Labels | undefined): Account => ({
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
      estimatedRequests: counters.estimatedRequests.picker(own),
    },
    duration: durations.picker(own),
  });

  return {
    of({ attribution, operation, provider, requestModel = "" }, responseModel = "") {
      const agent = (hasAgent && attribution.agent) || "";
      const organization = (hasOrganization && attribution.organization) || "";
      const project = (hasProject && attribution.project) || "";
      // Each value after its length: no value can be mistaken for the end of another.
      const key =
        `${operation} ${provider.length} ${provider}${requestModel.length} ${requestModel}` +
        `${responseModel.length} ${responseModel}${agent.length} ${agent}` +
        `${organization.length} ${organization}${project.length} ${project}`;
      const known = byKey.get(key);
      if (known !== undefined) return known;
      if (byKey.size >= maxSeries - 1) return (overflow ??= openAccount(undefined));
      const account = openAccount(
        // In the order of their names, which the SDK sorts them by on every record.
        labelsOf([
          [ATTR_OPERATION_NAME, operation],
          [ATTR_PROVIDER_NAME, provider],
          [ATTR_REQUEST_MODEL, requestModel],
          [ATTR_RESPONSE_MODEL, responseModel],
          [ATTR_AGENT, agent],
          [ATTR_ORGANIZATION, organization],
          [ATTR_PROJECT, project],
        ]),
      );
      byKey.set(key, account);
      return account;
    },

    *all() {
      yield* byKey.values();
      if (overflow !== undefined) yield overflow;
    },
  };
}

/** Without the empty ones: to Prometheus an empty label is no label. */
function labelsOf(entries: readonly (readonly [string, string])[]): Labels {
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

import { TollgateError, type Clock } from "@tollgate/core";
import type { Metering } from "@tollgate/metering";
import type { AggregateSource, OpenAggregates } from "../aggregates/source.ts";
import { compilePolicy, type CompiledPolicy } from "../policy/compile.ts";
import { decidesOnAggregates, METRIC_KEYS, unreadableByMetrics } from "../policy/metric-keys.ts";
import type { Policy } from "../policy/policy.ts";

/** The source of some policies' decisions. */
export interface Advice {
  /** By id. */
  readonly policies: ReadonlyMap<string, CompiledPolicy>;
  readonly aggregates: OpenAggregates;
}

/**
 * Opens the source for the policies that decide on aggregates.
 *
 * @returns `undefined` when there is none.
 * @throws TollgateError `TOLLGATE_POLICY_INVALID` when one does and there is no source, or the source cannot say
 *   what it has spent.
 */
export function openAggregates(
  source: AggregateSource | undefined,
  policies: readonly Policy[],
  metering: Metering,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Advice | undefined {
  const advised = policies.filter((policy) => decidesOnAggregates(policy, source !== undefined));
  const keys = new Set(METRIC_KEYS.keys());
  for (const policy of advised) {
    const problem =
      source === undefined
        ? {
            key: "decideOn",
            message: "there are no aggregates; give the processor an aggregateSource",
          }
        : unreadableByMetrics(policy, keys, source.hasTotals);
    if (problem === undefined) continue;
    const message = `The budget policy "${policy.id}" is not valid: ${problem.key}: ${problem.message}`;
    throw new TollgateError("TOLLGATE_POLICY_INVALID", message);
  }
  if (source === undefined || advised.length === 0) return undefined;
  const compiled = advised.map(compilePolicy);
  return {
    policies: new Map(compiled.map((policy) => [policy.id, policy])),
    aggregates: source.open({ policies: compiled, clock, random, totals: metering.totals() }),
  };
}

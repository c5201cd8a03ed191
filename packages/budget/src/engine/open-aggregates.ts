import { TollgateError, type Clock } from "@tollgate/core";
import type { Metering } from "@tollgate/metering";
import type { AggregateSource, OpenAggregates } from "../aggregates/source.ts";
import { decidesOnAggregates, METRIC_KEYS, unreadableByMetrics } from "../policy/metric-keys.ts";
import type { Policy } from "../policy/policy.ts";
import type { Rules } from "./rules.ts";

/** @throws TollgateError `TOLLGATE_POLICY_INVALID` when a policy decides on aggregates that there are none for. */
export function checkAdvised(
  policies: readonly Policy[],
  source: AggregateSource | undefined,
): void {
  const keys = new Set(METRIC_KEYS.keys());
  for (const policy of policies) {
    if (!decidesOnAggregates(policy, source !== undefined)) continue;
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
}

/** Opens the source, also while no budget decides on it: one may be added. */
export function openAggregates(
  source: AggregateSource | undefined,
  { advised }: Rules,
  metering: Metering,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): OpenAggregates | undefined {
  const policies = [...advised.values()];
  return source?.open({ policies, clock, random, totals: metering.totals() });
}

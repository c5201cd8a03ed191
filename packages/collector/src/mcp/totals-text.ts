import { formatUsd } from "@tollgate/core";
import type { Totals } from "@tollgate/ledger";

export const TOTALS_HEAD: readonly string[] = ["in", "out", "cached", "events", "cost"];

export function totalsCells(totals: Totals): readonly string[] {
  return [
    count(totals.inputTokens),
    count(totals.outputTokens),
    count(totals.cacheReadTokens),
    count(totals.events),
    formatUsd(totals.costNanoUsd),
  ];
}

/** What a sum leaves out or guesses, in a sentence; empty when nothing. */
export function reservations({ estimatedEvents, unpricedEvents }: Totals): string {
  const parts = [
    unpricedEvents > 0 ? `${unpricedEvents} events have no price and are not in the cost` : "",
    estimatedEvents > 0 ? `the tokens of ${estimatedEvents} events are estimates` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `Note: ${parts.join("; ")}.`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

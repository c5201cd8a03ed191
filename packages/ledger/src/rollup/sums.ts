import { MEASURES, type Measure, type Measures } from "./measures.ts";

/** Nano-USD are summed as two halves, so that no sum of sums is rounded: 2³² of the lower are one of the upper. */
const HALF = 2 ** 32;

/** Sums while they are made. */
export type Sums = Record<Exclude<Measure, "cost_nano_usd">, number> & {
  events: number;
  cost_high: number;
  cost_low: number;
  first_ms: number;
  last_ms: number;
};

export function createSums(): Sums {
  return {
    events: 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost_high: 0,
    cost_low: 0,
    estimated_events: 0,
    unpriced_events: 0,
    failed_events: 0,
    tool_calls: 0,
    first_ms: Number.POSITIVE_INFINITY,
    last_ms: Number.NEGATIVE_INFINITY,
  };
}

export function addEvent(sums: Sums, measures: Measures, timeMs: number): void {
  sums.events++;
  sums.input_tokens += measures.input_tokens;
  sums.output_tokens += measures.output_tokens;
  sums.cache_read_tokens += measures.cache_read_tokens;
  sums.cache_write_tokens += measures.cache_write_tokens;
  sums.reasoning_tokens += measures.reasoning_tokens;
  sums.cost_high += Math.floor(measures.cost_nano_usd / HALF);
  sums.cost_low += measures.cost_nano_usd % HALF;
  sums.estimated_events += measures.estimated_events;
  sums.unpriced_events += measures.unpriced_events;
  sums.failed_events += measures.failed_events;
  sums.tool_calls += measures.tool_calls;
  if (timeMs < sums.first_ms) sums.first_ms = timeMs;
  if (timeMs > sums.last_ms) sums.last_ms = timeMs;
}

export function addSums(into: Sums, more: Readonly<Sums>): void {
  into.events += more.events;
  for (const measure of MEASURES) {
    if (measure !== "cost_nano_usd") into[measure] += more[measure];
  }
  into.cost_high += more.cost_high;
  into.cost_low += more.cost_low;
  if (more.first_ms < into.first_ms) into.first_ms = more.first_ms;
  if (more.last_ms > into.last_ms) into.last_ms = more.last_ms;
}

/** Exact, whatever its size. */
export function costOf({ cost_high, cost_low }: Readonly<Sums>): bigint {
  return BigInt(cost_high) * BigInt(HALF) + BigInt(cost_low);
}

/** Orders the dearest first, exactly. */
export function byCost(one: Readonly<Sums>, other: Readonly<Sums>): number {
  const difference = costOf(other) - costOf(one);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return other.events - one.events;
}

/** What is left of sums when a part is taken off; times are not told apart. */
export function subtractSums(whole: Readonly<Sums>, part: Readonly<Sums>): Sums {
  const rest = { ...whole };
  let key: keyof Sums;
  for (key in rest) rest[key] -= part[key];
  return { ...rest, first_ms: whole.first_ms, last_ms: whole.last_ms };
}

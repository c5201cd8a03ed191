import type { Meter } from "@opentelemetry/api";
import type { Clock, UsageEvent } from "@tollgate/core";
import type { MeteredTotals } from "@tollgate/metering";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Counter } from "../store/store.ts";

/** What a source is to read. */
export interface AggregateWatch {
  readonly policies: readonly CompiledPolicy[];
  readonly clock: Clock;
  /** From 0 up to 1; keeps the readings of many processes apart. */
  readonly random: () => number;
  /** What this process has counted already. */
  readonly totals: readonly MeteredTotals[];
}

/** Where budgets that decide on aggregates look: `createPromQlAggregates`, `createSdkAggregates`. */
export interface AggregateSource {
  /** Whether it can say what was spent in a `total` window. */
  readonly hasTotals: boolean;
  /** Begins to read, in the background. */
  open(watch: AggregateWatch): OpenAggregates;
}

/** A source at work. Nothing here throws or waits. */
export interface OpenAggregates {
  /**
   * What was spent in a counter's window of now, in its unit, what this process has counted since the last
   * reading included. `undefined` when there was no reading yet, or none for too long.
   */
  spent(counter: Counter): number | undefined;
  /**
   * Reads for these policies from now on. What is known of those that count as before is kept; of others
   * this process's own spend counts from now on, and that of the rest with the next reading.
   */
  follow(policies: readonly CompiledPolicy[]): void;
  /** Hears of every call of this process when it is counted. */
  record(event: UsageEvent): void;
  /** Makes the source's own instruments. @returns a function that takes them off again. */
  bind(meter: Meter): () => void;
  close(): void;
}

/** An instrument: its name, unit and what a reader should know. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Explicit bucket boundaries of a histogram. */
  readonly buckets?: readonly number[];
}

/** Seconds, from what a memory takes to answer to what a throttled call waits. */
export const WAIT_BUCKETS: readonly number[] = [
  0.000_01, 0.000_1, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
];

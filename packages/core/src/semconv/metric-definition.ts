/** An instrument: its name, unit and what a reader should know. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Explicit bucket boundaries of a histogram. */
  readonly buckets?: readonly number[];
}

export const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
] as const;

export const SECONDS_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

export const AGENT_SECONDS_BUCKETS = [
  0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6,
] as const;

export const WORKFLOW_SECONDS_BUCKETS = [
  1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200,
] as const;

export const CALLS_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128] as const;

export const WAIT_BUCKETS = [
  0.000_01, 0.000_1, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
] as const;

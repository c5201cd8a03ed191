/** An expression that is kept under a name of its own: level, metric, operations. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Severity = "critical" | "warning" | "info";

/** What an alert is about. A worse alert of one concern silences the milder ones, for the same labels. */
export type Concern =
  | "budget"
  | "store"
  | "holds"
  | "spend"
  | "pricing"
  | "provider"
  | "metrics"
  | "collector";

/** One alert. Its runbook is named like it. */
export interface Alert {
  readonly name: string;
  readonly concern: Concern;
  readonly severity: Severity;
  /** How long it must hold, as Prometheus writes durations. */
  readonly for: string;
  readonly expr: string;
  /** One line, with the labels that tell which one it is. */
  readonly summary: string;
  /** What it means and what comes of it. */
  readonly description: string;
}

/** A group of a rules file. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | Alert)[];
}

import type { Attribution } from "./attribution.ts";

/**
 * How a run ended.
 *
 * - `completed`: it returned, or its stream was read to the end or left by its reader.
 * - `failed`: it threw.
 * - `cancelled`: it threw because the app aborted it or its time was up.
 */
export type RunOutcome = "completed" | "failed" | "cancelled";

interface EndedRun {
  readonly attribution: Attribution;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  /** Error code or exception name; `undefined` when `completed`. */
  readonly errorType: string | undefined;
}

/** One invocation of an agent, ended. */
export interface AgentRun extends EndedRun {
  readonly kind: "agent";
  readonly name: string;
  /** Calls to models that left from it; those of nested agents and a client's retries not counted. */
  readonly inferenceCalls: number;
  /** Tools that it executed, nested agents' not counted. */
  readonly toolCalls: number;
}

/** One execution of a tool, ended. */
export interface ToolRun extends EndedRun {
  readonly kind: "tool";
  readonly name: string;
  /** `function`, `extension` or `datastore`, where the app says so. */
  readonly type: string | undefined;
}

/** One task, ended. */
export interface TaskRun extends EndedRun {
  readonly kind: "task";
  readonly id: string;
  /** What kind of task it is, one of few, where the app says so. */
  readonly workflow: string | undefined;
}

export type Run = AgentRun | ToolRun | TaskRun;

/** What an agent has done so far in one invocation; counted by the calls inside. */
export interface AgentCounts {
  /** Turns of its loop: its own calls to models, a client's retries not counted. */
  iterations: number;
  inferenceCalls: number;
  toolCalls: number;
}

/** A run under way, as what happens inside sees it. */
export interface RunScope {
  /** Of the nearest agent; `undefined` outside of one. */
  readonly agent: AgentCounts | undefined;
  /** Inside a tool of that agent, where a call is no turn of its loop. */
  readonly inTool: boolean;
  /** The run's span, for where no OpenTelemetry context follows asynchronous work. */
  readonly span: SpanReference | undefined;
}

/** What OpenTelemetry's `SpanContext` always has. */
export interface SpanReference {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

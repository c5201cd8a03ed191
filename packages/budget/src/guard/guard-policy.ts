import type { MatchKey } from "../policy/policy.ts";

/** What a guard does with a call that looks like a runaway. */
export type GuardAction = "deny" | "throttle" | "alert";

/** Watches for agents that run away, as people write it. Unknown keys are refused. */
export interface GuardInput {
  /** Names the guard in errors and alerts, like a budget's id; no budget may have the same. */
  readonly id: string;
  /** As of a budget. @defaultValue every call */
  readonly match?: Readonly<Partial<Record<MatchKey, string | undefined>>> | undefined;
  /** Each combination of these is watched apart; calls that lack one are not. @defaultValue `["agent"]` */
  readonly each?: readonly MatchKey[] | undefined;
  /** More calls than this within a minute are too many. */
  readonly callsPerMinute?: number | undefined;
  /** That many requests of the same content one after the other are too many; 2 or more. */
  readonly identicalInARow?: number | undefined;
  /**
   * Calls or spend of the last minute this many times what a busy minute usually brings are too many;
   * 2 or more. Learns for 20 minutes in which there are calls before it says anything.
   */
  readonly acceleration?: number | undefined;
  /**
   * - `alert`: tells those who listen, once, and again after a quiet minute.
   * - `throttle`: also makes each call wait, 1 s at first and twice as long every time up to 60 s.
   * - `deny`: also refuses calls with the reason `runaway` until the minute is within bounds again; what
   *   is alike, until something else is asked or nothing is for a minute.
   *
   * @defaultValue `"alert"`
   */
  readonly action?: GuardAction | undefined;
}

/** A checked guard with its defaults filled in. */
export interface Guard extends GuardInput {
  readonly match: Readonly<Partial<Record<MatchKey, string | undefined>>>;
  readonly each: readonly MatchKey[];
  readonly action: GuardAction;
}

export type RunawaySign = "calls_per_minute" | "identical_in_a_row" | "acceleration";

/** An agent, task or whatever a guard watches looks like a runaway. */
export interface RunawayAlert {
  readonly guard: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly sign: RunawaySign;
  readonly action: GuardAction;
  /** What was seen: calls in the last minute, requests in a row, or how many times the usual. */
  readonly observed: number;
  /** What the guard allows. */
  readonly limit: number;
  readonly atMs: number;
}

import { ATTRIBUTION_KEYS, type AttributionKey } from "@tollgate/core";

/** What a policy can match on and count apart. */
export type MatchKey = AttributionKey | "provider" | "model";

export const MATCH_KEYS: readonly MatchKey[] = [...ATTRIBUTION_KEYS, "provider", "model"];

/** How far a limit can be trusted; see {@link PolicyInput.guarantee}. */
export type Guarantee = "hard" | "bounded" | "advisory";

/** What a budget does with a call that it cannot bear. */
export type OnExceed = "deny" | "throttle" | "alert";

/** What a budget does while its store does not answer. */
export type OnStoreError = "closed" | "bounded" | "open";

/** What a budget does about a stream that comes near what it holds; see {@link PolicyInput.streams}. */
export type OnStream = "hold" | "extend" | "stop";

/** Where a budget looks what was spent. */
export type DecideOn = "ledger" | "aggregates";

/** How a policy's time is cut, as people write it. */
export type WindowInput =
  | "day"
  | "week"
  | "month"
  | "total"
  | "task"
  | { readonly rolling: string | number; readonly buckets?: number | undefined }
  | { readonly task: { readonly idle: string | number } };

/** One budget, as people write it in code or in a configuration file. Unknown keys are refused. */
export interface PolicyInput {
  /** Names the budget in metrics, errors and alerts: 1–63 of a–z, 0–9, `/` and `-`. */
  readonly id: string;
  /**
   * The calls it is for: exact values, or patterns in which `*` stands for any run of characters.
   * All of them must match; a call that lacks a key does not.
   *
   * @defaultValue every call
   */
  readonly match?: Readonly<Partial<Record<MatchKey, string | undefined>>> | undefined;
  /**
   * Gives every distinct combination of these values its own limit. A call that lacks one of them
   * does not fall under the policy.
   *
   * @defaultValue one limit for all calls together
   */
  readonly each?: readonly MatchKey[] | undefined;
  /** At least one. A call must fit all of them. */
  readonly limit: {
    /** US dollars, above 0, at most 9,000,000. */
    readonly usd?: number | undefined;
    /** Input and output tokens together, whole, at least 1. */
    readonly tokens?: number | undefined;
    /** Physical attempts, whole, at least 1; one that was provably not billed is given back. */
    readonly requests?: number | undefined;
  };
  /**
   * - `day`, `week` (Monday to Sunday), `month`: calendar windows in `timezone`.
   * - `{ rolling: "1h", buckets: 60 }`: the time up to now. What is spent counts for at least the
   *   duration and for at most one bucket more. `buckets` is 60 by default.
   * - `task`, `{ task: { idle: "1h" } }`: one window per task (`each: ["task"]` is implied), which
   *   ends when the task has asked for nothing for that long (one hour by default) and has no call
   *   under way. A refused call is asking: a task that keeps trying is not refilled.
   * - `total`: never ends.
   */
  readonly window: WindowInput;
  /**
   * IANA name, for calendar windows only.
   *
   * @defaultValue `"UTC"`
   */
  readonly timezone?: string | undefined;
  /**
   * Per cent of a limit at which to alert, once per window: whole, 1 to 1,000. What is spent
   * counts, not what is held. In a rolling window a threshold alerts again after spend fell below it.
   *
   * @defaultValue `[50, 80, 95]`
   */
  readonly alertAt?: readonly number[] | undefined;
  /**
   * - `deny`: the call is refused.
   * - `throttle`: the call waits for room, up to `throttle.maxWait`, and is refused then. When 80 %
   *   of a calendar window's limit is used ahead of time, calls are spread over the rest of it.
   * - `alert`: the call passes and the decision is reported.
   *
   * @defaultValue `"deny"`
   */
  readonly onExceed?: OnExceed | undefined;
  /**
   * - `hard`: holds the most a call may cost, so that the limit is never exceeded; a call of which
   *   that cannot be said is refused.
   * - `bounded`: holds what such calls usually cost (the 95th percentile of the last ones, an estimate
   *   until 20 were seen). Calls under way together may exceed the limit by what they cost above it.
   * - `advisory`: holds nothing; acts once the limit is spent.
   *
   * With a memory store all of them hold within one process.
   *
   * @defaultValue `"bounded"`
   */
  readonly guarantee?: Guarantee | undefined;
  /**
   * - `ledger`: what was booked in the budget store.
   * - `aggregates`: what metrics say: this app's own, or those of all processes in a Prometheus. They lag
   *   behind, so that only `advisory` budgets may deny or throttle on them, and they know
   *   organization, project, agent, provider and model only.
   *
   * @defaultValue `aggregates` for an advisory policy of a processor that has a source of them, else `ledger`
   */
  readonly decideOn?: DecideOn | undefined;
  /**
   * While the store, or the source of the aggregates, does not answer: `closed` refuses, `open` lets pass, `bounded` counts in this
   * process alone; with slices above the store it spends what they have taken ahead, and refuses then.
   *
   * @defaultValue by guarantee: hard `closed`, bounded `bounded`, advisory `open`
   */
  readonly onStoreError?: OnStoreError | undefined;
  /**
   * The most output tokens a call may be assumed to bring; makes the holds of `hard` smaller. With `clip` it is
   * put on every request that asks for more, and is not assumed of requests that cannot be capped.
   */
  readonly maxOutputTokens?: number | undefined;
  /**
   * Lets a call through with less output when only that fits: a cap is put on the request, never below
   * a thinking budget, what the API takes or 1. Requests that cannot be capped are refused or wait, as
   * without it.
   *
   * @defaultValue `false`
   */
  readonly clip?: boolean | undefined;
  /**
   * What becomes of the hold of a stream that has used most of it. Only `bounded` budgets that deny or throttle
   * extend or stop.
   *
   * - `hold`: it stays; what the stream uses above it counts when it ends.
   * - `extend`: it grows, so that other calls see what is really taken; the stream goes on in any case.
   * - `stop`: it grows while the budget has room. When it has none, the stream fails for the app once its hold is
   *   used up, and the connection to the provider is closed.
   *
   * @defaultValue `extend` where it can, else `hold`
   */
  readonly streams?: OnStream | undefined;
  /** @defaultValue `{ maxWait: "60s" }` */
  readonly throttle?: { readonly maxWait?: string | number | undefined } | undefined;
}

/** A checked policy with its defaults filled in. It is a valid {@link PolicyInput} too. */
export interface Policy extends PolicyInput {
  readonly match: Readonly<Partial<Record<MatchKey, string | undefined>>>;
  readonly each: readonly MatchKey[];
  readonly alertAt: readonly number[];
  readonly onExceed: OnExceed;
  readonly guarantee: Guarantee;
  readonly onStoreError: OnStoreError;
  readonly clip: boolean;
  readonly streams: OnStream;
  readonly throttle: { readonly maxWait: string | number };
}

import type { Attribution, BudgetRefusal, BudgetUnit, Run, UsageEvent } from "@tollgate/core";
import type { Meter } from "@opentelemetry/api";
import type { RunawayAlert } from "./guard/guard-policy.ts";
import type { BudgetOperations } from "./operations.ts";

/** Amounts of one call in every unit a budget may count. */
export interface Amounts {
  /** Whole nano-USD; `undefined` when the model has no price. */
  readonly nanoUsd: number | undefined;
  /** Input and output tokens together. */
  readonly tokens: number;
}

/** The most a call may need, or why that cannot be said. */
export type CallBound = Amounts | { readonly unboundable: string };

/** A call that asks to be let through. */
export interface BudgetCall {
  /** Unique per physical attempt; the lease is idempotent by it. */
  readonly id: string;
  readonly attribution: Attribution;
  readonly provider: string;
  readonly model: string | undefined;
  /** What such a call usually needs; asked for by `bounded` budgets until they have learned better. */
  expected(): Amounts;
  /**
   * The most it may need; asked for by `hard` budgets only.
   *
   * @param maxOutputTokens - the policy's own cap on output tokens, if it has one.
   */
  bound(maxOutputTokens: number | undefined): CallBound;
  /**
   * True when the provider is at work on it already, unasked: it is booked like any other, but neither
   * refused nor made to wait, which would come too late. A store that fails is the one exception.
   */
  readonly underway?: boolean | undefined;
  /**
   * How far the caller can cap the output of this request, in tokens per choice; `undefined` when it
   * cannot (a signed body, an API without such a limit). Only budgets with `clip` make use of it.
   */
  readonly clip?: OutputRange | undefined;
  /**
   * Tells requests of one content from others, such as a hash of the body. Runaway guards count equal
   * ones in a row.
   */
  readonly fingerprint?: string | undefined;
  /** Ends the wait of a throttled call. */
  readonly signal?: AbortSignal | undefined;
  /**
   * For a call that another process makes, which ends its lease by {@link BudgetProcessor.endLease}: nobody keeps the lease alive,
   * and it is charged as held when it has not ended for so long, milliseconds. While the store is away, `bounded` budgets refuse it.
   *
   * @defaultValue the call is this process's own
   */
  readonly leaseMs?: number | undefined;
}

/** In tokens per choice. */
export interface OutputRange {
  /** The least that makes sense: above a thinking budget, and what the API takes. */
  readonly leastOutputTokens: number;
  /** What the request asks for, or else the most that the model may give. */
  readonly mostOutputTokens: number;
  /**
   * True when the request names no limit, so that `mostOutputTokens` is only the highest that is worth putting
   * on it: the API may refuse more.
   *
   * @defaultValue `false`
   */
  readonly unlimited?: boolean | undefined;
}

/** A hold on every budget above a call. */
export interface BudgetLease {
  readonly id: string;
  /**
   * Set when the call fits only so: the caller must put this cap on the request's output, per choice, or
   * release the lease and refuse the call. Its hold is the bound of the request with the cap.
   */
  readonly maxOutputTokens?: number | undefined;
  /** Milliseconds the call waited for a throttled budget. */
  readonly throttledMs: number;
  /** What is held, a unit for each hold; what {@link BudgetProcessor.endLease} asks for. */
  readonly units: readonly BudgetUnit[];
  /** How the hold of a stream grows; nothing when no budget lets it. Always the same one. */
  growth?(): LeaseGrowth | undefined;
  /**
   * Books what the call really used, in full, in the window it was reserved in. What is not known is
   * charged as held. The first end of a lease counts, later ones are ignored. Never throws or rejects.
   */
  settle(used: Amounts): void | Promise<void>;
  /** Gives the hold back; only for calls that were provably not billed. Never throws or rejects. */
  release(): void | Promise<void>;
}

/** What a stream that is under way has used by now. */
export interface StreamProgress {
  /** The input, which is certain from the start. */
  readonly input: Amounts;
  /** Input and output so far. */
  readonly used: Amounts;
}

export type GrowthAnswer =
  | { readonly granted: true }
  | { readonly granted: false; readonly refusal: BudgetRefusal };

/**
 * Lets the hold of a stream grow with it: the caller asks when most of what is held for the output is used, one
 * question at a time.
 */
export interface LeaseGrowth {
  /** Whether a budget wants the stream to be stopped that it cannot bear. */
  readonly stops: boolean;
  /** What is held by now, in each unit that a growing budget counts. */
  held(): Partial<Amounts>;
  /**
   * Doubles what is held for the output. Never throws or rejects; a store that does not answer grants.
   *
   * @param canStop - whether the caller can stop the stream; else every budget lets it go on.
   */
  extend(progress: StreamProgress, canStop: boolean): GrowthAnswer | Promise<GrowthAnswer>;
  /** Reports that the stream was stopped for a refusal. */
  stopped(refusal: BudgetRefusal): void;
}

/** What was used without asking: results that were made earlier and are fetched now. */
export interface BudgetCharge {
  /** Unique. */
  readonly id: string;
  readonly attribution: Attribution;
  readonly provider: string;
  readonly model: string | undefined;
  readonly used: Amounts;
  /** How many answers of a model it was used for. */
  readonly requests: number;
  /**
   * When it was used, milliseconds since the epoch: budgets whose window of that time is over are not charged.
   *
   * @defaultValue now
   */
  readonly timeMs?: number | undefined;
}

export type BudgetDecision =
  | { readonly granted: true; readonly lease: BudgetLease }
  | { readonly granted: false; readonly refusal: BudgetRefusal; readonly throttledMs: number };

/** One counter of a budget in its current window, in the unit: nano-USD, tokens or requests. */
export interface BudgetState {
  readonly budget: string;
  readonly unit: BudgetUnit;
  /** The values of the policy's `each:` keys, such as `{ project: "atlas" }`. */
  readonly scope: Readonly<Record<string, string>>;
  /** The limit in force: the policy's or what an operator put in its place, and the window's top-ups. */
  readonly limit: number;
  /** The top-ups in it. */
  readonly extra: number;
  /** Calls are refused, whatever remains. */
  readonly frozen: boolean;
  readonly spent: number;
  readonly reserved: number;
  readonly remaining: number;
  /**
   * What metrics say was spent in the window. Only of budgets that decide on it; `undefined` also while that
   * is not known.
   */
  readonly aggregate?: number | undefined;
  readonly windowStartMs: number | undefined;
  readonly windowEndMs: number | undefined;
}

/** A threshold that was crossed; reported once per window. */
export interface BudgetAlert {
  readonly budget: string;
  readonly unit: BudgetUnit;
  readonly scope: Readonly<Record<string, string>>;
  /** Per cent of the limit, as in the policy's `alertAt`. */
  readonly threshold: number;
  readonly limit: number;
  readonly spent: number;
  readonly windowEndMs: number | undefined;
}

/**
 * What a subscriber hears of every call that a budget is for: one `allow` or `deny`, or in place of
 * `allow` one event for each budget that made it wait or alerts.
 */
export interface BudgetDecisionEvent {
  readonly call: BudgetCall;
  readonly action: "allow" | "throttle" | "deny" | "alert";
  /** `undefined` when all budgets allow. */
  readonly budget: string | undefined;
  /**
   * `deny`: the refusal's reason. `throttle`: `exceeded`, `paced` or `runaway`. `alert`: `exceeded`,
   * `unboundable` or `runaway`.
   * `allow`: `fits`, `unpriced` or `store_unavailable`.
   *
   * A stream whose hold grows may be told of again while it runs: `alert` with `exceeded` when it goes on above a
   * limit, `deny` with `exceeded` when it is stopped.
   */
  readonly reason: string;
  readonly throttledMs: number;
}

/**
 * The budget processor: gates calls, owns the aggregates that counters and advisory limits are read
 * from, and exports both.
 */
export interface BudgetProcessor extends BudgetOperations {
  /** Whether a guard counts identical requests now: only then a call's `fingerprint` is looked at. */
  readonly readsFingerprints: boolean;
  /**
   * Takes a hold against every matching budget, all or none. Waits when a matching budget throttles.
   * Answers at once when the store does and nothing throttles.
   *
   * A refusal names a budget that denies before one that throttled, and of several the one that resets
   * last. Never rejects for a budget's or a store's sake; rejects with the signal's reason when the app
   * aborts a throttled call.
   */
  reserve(call: BudgetCall): BudgetDecision | Promise<BudgetDecision>;
  /**
   * Books what has been used already, in full, in the window of now. It has happened, so nothing is
   * refused or waited for: a `hard` budget may end up above its limit and refuses the calls that come then.
   * What is not known is booked as nothing. Never throws or rejects; while the store fails, what is
   * under a policy that is `closed` then is lost, and `diag` is told.
   *
   * @param confirm - for charges that must be made exactly once: awaited between the hold and its end. Then it
   *   rejects, with `TOLLGATE_STORE_UNAVAILABLE` or as `confirm` does, when it could not be made; charging again under the same id,
   *   within a day, makes it once. A hold that is never confirmed becomes spend by itself.
   */
  charge(charge: BudgetCharge, confirm?: () => void | Promise<void>): void | Promise<void>;
  /**
   * Ends the lease of a call with `leaseMs`, from any process that shares the store. The first end counts. Never throws or rejects.
   *
   * @param units - as the lease said.
   * @param used - `undefined` gives the holds back. When an amount is not known, nothing happens and the lease is charged as held once
   *   its time is over.
   */
  endLease(
    id: string,
    units: readonly BudgetUnit[],
    used: Amounts | undefined,
  ): void | Promise<void>;
  /** Adds a finished or refused call to the aggregates. */
  record(event: UsageEvent): void;
  /** Adds a run of an agent, tool or task that has ended. */
  recordRun(run: Run): void;
  /** Makes all instruments on a meter. @returns a function that takes them off again. */
  bind(meter: Meter): () => void;
  /**
   * All counters that exist now: budgets without `each` from the start, the others from their first
   * call, or an operator's word about them, until an hour after they have become empty. Empty while the store does not answer.
   */
  states(): readonly BudgetState[] | Promise<readonly BudgetState[]>;
  /** Listeners are called after the running step; what they throw goes to OpenTelemetry's `diag`. */
  onAlert(listener: (alert: BudgetAlert) => void): () => void;
  /** Hears of an agent, or whatever a guard watches, once it looks like a runaway. */
  onRunaway(listener: (alert: RunawayAlert) => void): () => void;
  onDecision(listener: (decision: BudgetDecisionEvent) => void): () => void;
  /** Refuses the calls that wait, ends heartbeats and closes the store. */
  shutdown(): Promise<void>;
}

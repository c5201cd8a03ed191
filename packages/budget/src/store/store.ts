import type { BudgetUnit } from "@tollgate/core";
import type { Window } from "../window/window.ts";

/** A store in this process answers at once, one behind a network later. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** What one limit of one policy counts, for one value of the policy's `each` keys. Plain data. */
export interface Counter {
  /** Unique for policy, unit, cut of the window and scope. */
  readonly key: string;
  /** The policy's id. */
  readonly budget: string;
  readonly unit: BudgetUnit;
  /** The values of the policy's `each` keys. */
  readonly scope: Readonly<Record<string, string>>;
  /** The one organization whose calls it counts; `undefined` when they may be of several, or of none. */
  readonly organization?: string | undefined;
  /** In the unit: nano-USD, tokens or requests. The one that came last counts; usage is kept. */
  readonly limit: number;
  readonly window: Window;
  /** Spend at which to raise a `crossed` notice, in the unit, ascending. */
  readonly alertAmounts: readonly number[];
  /** The keys under which a {@link Control} of it may lie, broadest first. */
  readonly controls: readonly string[];
}

/**
 * What an operator lays over counters, for all processes that share the store. It lies under its key
 * until another is put there, it is taken away or its time is over; nothing else removes it.
 */
export interface Control {
  /** Refuses every hold, whatever its check. */
  readonly frozen?: boolean | undefined;
  /** Counts in place of the counter's own limit. Of several the one under the narrowest key does. */
  readonly limit?: number | undefined;
  /** From then on it counts no more. */
  readonly untilMs?: number | undefined;
}

export interface StoredControl extends Control {
  readonly key: string;
}

/**
 * More allowance for the window of now. It lives as spend does: it belongs to the window, of a rolling
 * one to the bucket, that it was given in, and ends with it.
 */
export interface TopUp {
  /** Asked again with one id within a day it is given once. */
  readonly id: string;
  readonly counter: Counter;
  /** Whole, above 0. */
  readonly amount: number;
}

/**
 * When a hold is refused. The limit is that of the control in force, else the counter's own, and the
 * top-ups of its window.
 *
 * - `fit`: unless `spent + reserved + amount <= limit`.
 * - `unspent`: once `spent >= limit`.
 * - `never`, but when it is frozen.
 */
export type HoldCheck = "fit" | "unspent" | "never";

/** What a call asks to set aside in one counter. */
export interface Hold {
  readonly counter: Counter;
  /** Whole and not negative. */
  readonly amount: number;
  readonly check: HoldCheck;
}

export interface ReserveRequest {
  /** Unique per call. */
  readonly leaseId: string;
  /** A lease not renewed for this long is charged as held. */
  readonly ttlMs: number;
  /** No two on one counter. */
  readonly holds: readonly Hold[];
  /** Holds also what is frozen: the call cannot be stopped any more. */
  readonly evenFrozen?: boolean | undefined;
  /** Another process may end the lease or ask for it again: all who share the store must know it. */
  readonly isForAll?: boolean | undefined;
  /** Answers as if, and writes nothing: no hold, no counter, no sign of use. */
  readonly dryRun?: boolean | undefined;
}

/** Why a hold does not pass its check. */
export interface HoldRefusal {
  /** Which of the request's holds. */
  readonly index: number;
  /** It is refused for a freeze, whatever is left. */
  readonly frozen: boolean;
  /** The limit in force, with the top-ups of the window. */
  readonly limit: number;
  /** `limit - spent - reserved`; negative after an overrun. */
  readonly remaining: number;
  /**
   * When the window ends or, if it rolls, when enough of it will have left; of a freeze, when that
   * ends. `undefined` when time does not help.
   */
  readonly resetsAtMs: number | undefined;
  /** Nobody knows what is left: what the budget decides on does not answer. */
  readonly unavailable?: boolean | undefined;
}

/** News that is told once, in the answer of the operation that brought it about. */
export type StoreNotice =
  | {
      readonly kind: "crossed";
      readonly counter: Counter;
      /** Which of the counter's `alertAmounts`. */
      readonly threshold: number;
      readonly spent: number;
      /** `undefined` when the window never ends. */
      readonly windowEndMs: number | undefined;
    }
  | {
      /** A lease expired: what it held is charged until a late settle corrects it. */
      readonly kind: "presumed";
      readonly leaseId: string;
      readonly counter: Counter;
      readonly amount: number;
    };

export interface StoreAnswer {
  readonly notices: readonly StoreNotice[];
}

export type ReserveAnswer =
  | (StoreAnswer & {
      readonly outcome: "granted";
      /** `limit - spent - reserved` after the hold, in the order of the request's holds. */
      readonly remaining: readonly number[];
    })
  | (StoreAnswer & {
      readonly outcome: "refused";
      /** Every hold that does not pass, in the order of the request. */
      readonly refusals: readonly HoldRefusal[];
    })
  | (StoreAnswer & {
      /** The lease is open for other holds; nothing was written. */
      readonly outcome: "conflict";
    });

/** A counter in its current window. */
export interface CounterState {
  readonly counter: Counter;
  readonly spent: number;
  readonly reserved: number;
  /** The top-ups of the window. */
  readonly extra: number;
  /** `undefined` when the window has no beginning or end. */
  readonly windowStartMs: number | undefined;
  readonly windowEndMs: number | undefined;
}

export interface StoreStates extends StoreAnswer {
  readonly states: readonly CounterState[];
  /** Those in force. */
  readonly controls: readonly StoredControl[];
}

/**
 * Where holds and spend are kept. A store derives windows from its own clock.
 *
 * A lease is held, then settled, released or, when it is not renewed in time, presumed: charged as
 * held until a late settle or release corrects it, for which a store waits a day. Its spend books to the window it was reserved
 * in, also after that window has ended. The first end counts; ending an unknown lease does nothing.
 *
 * Operations throw or reject only when the store is out of order; nothing was written then, or it
 * may be repeated.
 */
export interface BudgetStore {
  /** Whether other processes count in it too. */
  readonly scope: "process" | "shared";
  /**
   * What its counters are kept apart by: one operation on counters of different ones is several steps, so that hard
   * budgets must each be for one of them.
   */
  readonly partition?: "organization" | undefined;
  /**
   * It decides on holds that it took ahead in a store behind it. While that is away they are all there is to
   * spend: nothing may count in its place.
   *
   * @defaultValue `false`
   */
  readonly holdsAhead?: boolean | undefined;
  /**
   * Tells a listener what comes about between operations. A store that has no such method, or no listener, tells it with
   * the next answer.
   */
  listen?(listener: (answer: StoreAnswer) => void): void;
  /**
   * Checks every hold, then writes all or none. Asked again for an open lease with the same holds
   * it grants without holding twice.
   */
  reserve(request: ReserveRequest): MaybePromise<ReserveAnswer>;
  /** Replaces the holds of a lease by what was used, `amounts` in the order of the holds. */
  settle(leaseId: string, amounts: readonly number[]): MaybePromise<StoreAnswer>;
  /** Takes the holds of a lease back. */
  release(leaseId: string): MaybePromise<StoreAnswer>;
  /** Starts the time to live of these leases again. Unknown ones are left out. */
  renew(leaseIds: readonly string[], ttlMs: number): MaybePromise<void>;
  /** Puts a control under a key, in place of what lies there; `undefined` takes that away. */
  control(key: string, control: Control | undefined): MaybePromise<void>;
  topUp(topUp: TopUp): MaybePromise<void>;
  /** All counters it has, read in one batch. */
  states(): MaybePromise<StoreStates>;
  close(): MaybePromise<void>;
}

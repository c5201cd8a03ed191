import type { BudgetUnit, RefusalReason } from "@tollgate/core";
import type { Counter, HoldCheck } from "../store/store.ts";

/** A hold as the journal tells it. Plain data, like all of the journal. */
export interface JournalHold {
  readonly counter: Counter;
  /** In the counter's unit. */
  readonly amount: number;
  readonly check: HoldCheck;
}

/** What one counter was charged at the end of a lease. */
export interface JournalCharge {
  /** The counter's key. */
  readonly counter: string;
  readonly held: number;
  readonly used: number;
}

interface Moment {
  /** When the store was asked, milliseconds since the epoch. */
  readonly atMs: number;
  /** When it had answered. */
  readonly doneMs: number;
}

interface OfLease extends Moment {
  readonly lease: string;
  /** Counted in this process alone, because the store did not answer. */
  readonly standIn: boolean;
}

/** One line of the journal of decisions. */
export type JournalEvent =
  | (OfLease & {
      readonly kind: "reserved";
      readonly holds: readonly (JournalHold & {
        /** `limit - spent - reserved` after the hold, as the store says it. */
        readonly remaining: number;
      })[];
      /** The call could not be stopped any more; a freeze does not count for it. */
      readonly underway: boolean;
    })
  | (OfLease & {
      readonly kind: "refused";
      readonly budget: string;
      readonly unit: BudgetUnit;
      readonly reason: RefusalReason;
      readonly holds: readonly JournalHold[];
    })
  | (OfLease & { readonly kind: "settled"; readonly charges: readonly JournalCharge[] })
  /** Settled after it had been presumed. */
  | (OfLease & { readonly kind: "corrected"; readonly charges: readonly JournalCharge[] })
  | (OfLease & { readonly kind: "released" })
  /** A lease expired: what it held is charged. */
  | (Moment & {
      readonly kind: "presumed";
      readonly lease: string;
      readonly counter: string;
      readonly amount: number;
    })
  /** A call used more than it held. */
  | (OfLease & { readonly kind: "overrun"; readonly counter: string; readonly amount: number })
  /** The store did not answer: whether it did what it was asked is not known. */
  | (Moment & {
      readonly kind: "lost";
      readonly lease: string;
      readonly operation: "reserve" | "end";
    })
  | (Moment & {
      readonly kind: "top_up";
      readonly id: string;
      readonly counter: Counter;
      readonly amount: number;
    })
  | (Moment & {
      readonly kind: "freeze" | "override";
      /** The control's key, as counters name it. */
      readonly control: string;
      readonly limit: number | undefined;
      readonly untilMs: number | undefined;
    })
  | (Moment & { readonly kind: "unfreeze" | "override_ended"; readonly control: string });

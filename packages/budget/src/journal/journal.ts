import { diag } from "@opentelemetry/api";
import type { Clock } from "@tollgate/core";
import type { Plan } from "../engine/plan-holds.ts";
import type { Asked, Booking } from "../engine/store-access.ts";
import type { Control, StoreAnswer, TopUp } from "../store/store.ts";
import type { JournalEvent } from "./events.ts";

/** Writes down what stores were asked and answered, in the order of the answers. */
export interface Journal {
  now(): number;
  reserve(plan: Plan, asked: Asked, atMs: number): void;
  /** No amounts: released. */
  end(booking: Booking, amounts: readonly number[] | undefined, atMs: number): void;
  lost(lease: string, operation: "reserve" | "end", atMs: number): void;
  news(answer: StoreAnswer): void;
  topUp(topUp: TopUp, atMs: number): void;
  control(
    kind: "freeze" | "unfreeze" | "override" | "override_ended",
    key: string,
    control: Control | undefined,
    atMs: number,
  ): void;
}

const MAX_PRESUMED = 10_000;

/** @param listener - hears every event at once; what it throws goes to OpenTelemetry's `diag`. */
export function createJournal(listener: (event: JournalEvent) => void, clock: Clock): Journal {
  /** Leases whose late end is a correction. */
  const presumed = new Set<string>();

  function write(event: JournalEvent): void {
    try {
      listener(event);
    } catch (error) {
      diag.error("tollgate: the listener for the budget journal failed", error);
    }
  }

  function remember(lease: string): void {
    for (const oldest of presumed) {
      if (presumed.size < MAX_PRESUMED) break;
      presumed.delete(oldest);
    }
    presumed.add(lease);
  }

  function overruns(charge: Extract<JournalEvent, { kind: "settled" | "corrected" }>): void {
    const { charges, kind: _kind, ...of } = charge;
    for (const { counter, held, used } of charges) {
      if (used > held) write({ ...of, kind: "overrun", counter, amount: used - held });
    }
  }

  return {
    now: () => clock.now(),
    reserve(plan, asked, atMs) {
      const doneMs = clock.now();
      if ("refused" in asked) {
        const { budget, unit, reason } = asked.refused.refusal;
        const holds = plan.holds.map(({ counter, amount, check }) => ({ counter, amount, check }));
        const lease = plan.call.id;
        const standIn = reason === "store_unavailable";
        write({ kind: "refused", atMs, doneMs, lease, standIn, budget, unit, reason, holds });
        return;
      }
      const { booking, remaining } = asked.grant;
      const holds = booking.holds.map(({ counter, amount, check }, index) => {
        return { counter, amount, check, remaining: remaining[index] ?? 0 };
      });
      const { leaseId: lease, makeshift: standIn } = booking;
      const underway = plan.call.underway === true;
      write({ kind: "reserved", atMs, doneMs, lease, standIn, holds, underway });
    },
    end({ leaseId: lease, holds, makeshift: standIn }, amounts, atMs) {
      const late = presumed.delete(lease);
      const of = { atMs, doneMs: clock.now(), lease, standIn };
      if (amounts === undefined) {
        write({ ...of, kind: "released" });
        return;
      }
      const charges = holds.map(({ counter, amount: held }, index) => {
        return { counter: counter.key, held, used: amounts[index] ?? held };
      });
      const event = { ...of, kind: late ? "corrected" : "settled", charges } as const;
      write(event);
      overruns(event);
    },
    lost: (lease, operation, atMs) =>
      write({ kind: "lost", atMs, doneMs: clock.now(), lease, operation }),
    news({ notices }) {
      for (const notice of notices) {
        if (notice.kind !== "presumed") continue;
        const { leaseId: lease, counter, amount } = notice;
        const nowMs = clock.now();
        remember(lease);
        write({
          kind: "presumed",
          atMs: nowMs,
          doneMs: nowMs,
          lease,
          counter: counter.key,
          amount,
        });
      }
    },
    topUp: (topUp, atMs) => write({ kind: "top_up", atMs, doneMs: clock.now(), ...topUp }),
    control(kind, key, control, atMs) {
      const of = { atMs, doneMs: clock.now(), control: key };
      if (kind === "unfreeze" || kind === "override_ended") write({ ...of, kind });
      else write({ ...of, kind, limit: control?.limit, untilMs: control?.untilMs });
    },
  };
}

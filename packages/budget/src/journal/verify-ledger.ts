import type { JournalEvent } from "./events.ts";
import type { LedgerFault, LedgerReport } from "./faults.ts";
import {
  checkMissing,
  replayOverrun,
  replayPresumed,
  replayReleased,
  replaySettled,
} from "./replay-ended.ts";
import { replayReserved } from "./replay-reserved.ts";
import { createReplayState, type ReplayedLease, type ReplayState } from "./replay-state.ts";
import { openSlotAt } from "./replayed-counter.ts";

export interface VerifyLedgerOptions {
  /**
   * Whether the journal is all that happened to its counters, in order: that of the only process on a
   * store. Of one process among several, or of several put together, sums and freezes cannot be replayed
   * (their order is not known); what the store said about each hold, and each lease's life, can.
   *
   * @defaultValue `true`
   */
  readonly complete?: boolean | undefined;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Replays a journal of decisions and proves what budgets promise, or says where they broke it:
 *
 * - reserved amounts are never below 0, and every lease ends at most once;
 * - every hold that had to fit did: used and reserved together are within the limit in force, but for
 *   recorded overruns;
 * - no call was let into a frozen budget;
 * - what the store said remains is what the journal adds up to.
 *
 * Pure: it knows nothing of stores. Takes events as they were given to `onJournal`, or as they come back
 * from JSON.
 */
export function verifyLedger(
  events: Iterable<JournalEvent>,
  { complete = true }: VerifyLedgerOptions = {},
): LedgerReport {
  const faults: LedgerFault[] = [];
  let index = 0;
  const state = createReplayState(complete, (kind, message, lease, counter) => {
    faults.push({ kind, index, lease, counter, message });
  });
  for (const event of events) {
    if (isWellFormed(event)) replay(state, event);
    else state.fault("malformed", "an amount or a time is missing or no whole number from 0");
    index++;
  }
  checkMissing(state);
  return { ok: faults.length === 0, faults, events: index, leases: countLeases(state) };
}

function replay(state: ReplayState, event: JournalEvent): void {
  switch (event.kind) {
    case "reserved":
      return replayReserved(state, event);
    case "refused":
      // Asking keeps a task's window going.
      for (const { counter } of event.standIn ? [] : event.holds) {
        openSlotAt(state.counterOf(counter, false), event.atMs);
      }
      return undefined;
    case "settled":
    case "corrected":
      return replaySettled(state, event);
    case "released":
      return replayReleased(state, event);
    case "presumed":
      return replayPresumed(state, event);
    case "overrun":
      return replayOverrun(state, event);
    case "lost":
      return void state.lost.add(event.lease);
    default:
      return replayOperation(state, event);
  }
}

type Operation = Extract<
  JournalEvent,
  { kind: "top_up" | "freeze" | "unfreeze" | "override" | "override_ended" }
>;

function replayOperation(state: ReplayState, event: Operation): void {
  switch (event.kind) {
    case "top_up": {
      const givenAtMs = state.topUps.get(event.id);
      if (givenAtMs !== undefined && event.atMs - givenAtMs < DAY_MS) return;
      state.topUps.set(event.id, event.atMs);
      openSlotAt(state.counterOf(event.counter, false), event.atMs).extra += event.amount;
      return;
    }
    case "freeze":
    case "override": {
      const { control, kind, limit, untilMs } = event;
      state.controls.set(control, { frozen: kind === "freeze", limit, untilMs });
      return;
    }
    case "unfreeze":
    case "override_ended":
      state.controls.delete(event.control);
      return;
    default:
      state.fault("malformed", "it is none of a journal's events");
  }
}

/** What comes back from a file may be anything. */
function isWellFormed(event: JournalEvent): boolean {
  try {
    return [event.atMs, event.doneMs, ...amountsOf(event)].every(
      (amount) => Number.isSafeInteger(amount) && amount >= 0,
    );
  } catch {
    return false;
  }
}

function amountsOf(event: JournalEvent): readonly number[] {
  switch (event.kind) {
    case "reserved":
    case "refused":
      return event.holds.map(({ amount }) => amount);
    case "settled":
    case "corrected":
      return event.charges.flatMap(({ held, used }) => [held, used]);
    case "presumed":
    case "overrun":
    case "top_up":
      return [event.amount];
    default:
      return [];
  }
}

function countLeases({ leases }: ReplayState): LedgerReport["leases"] {
  const count = (state: ReplayedLease["state"]): number => {
    let found = 0;
    for (const lease of leases.values()) if (lease.state === state) found++;
    return found;
  };
  return {
    reserved: leases.size,
    settled: count("settled"),
    released: count("released"),
    presumed: count("presumed"),
    open: count("open"),
  };
}

import type { JournalEvent } from "./events.ts";
import { rulingAt, type ReplayedHold, type ReplayState } from "./replay-state.ts";
import { openSlotAt, slotIdAt, tallyOf, type ReplayedCounter } from "./replayed-counter.ts";

type Reserved = Extract<JournalEvent, { kind: "reserved" }>;
type ReservedHold = Reserved["holds"][number];

/** Writes the holds of a granted lease, as a store would, and checks that it could. */
export function replayReserved(state: ReplayState, event: Reserved): void {
  const { lease, standIn } = event;
  if (state.leases.has(lease)) {
    state.fault("reserved_twice", "one id was reserved twice", lease);
    return;
  }
  const holds = new Map<string, ReplayedHold>();
  for (const hold of event.holds) {
    const replayed = state.counterOf(hold.counter, standIn);
    const atMs = pickTime(state, replayed, hold, event);
    const slot = openSlotAt(replayed, atMs);
    slot.reserved += hold.amount;
    slot.open++;
    holds.set(hold.counter.key, { replayed, slot, amount: hold.amount });
    if (state.complete || standIn) checkSums(state, replayed, hold, event, atMs);
    else checkAnswer(state, hold, event);
  }
  state.leases.set(lease, {
    holds,
    state: "open",
    presumedAtMs: 0,
    presumed: new Set(),
    overruns: new Map(),
  });
}

function remainingAt(
  state: ReplayState,
  replayed: ReplayedCounter,
  slotId: number,
  atMs: number,
): number {
  const { spent, reserved, extra } = tallyOf(replayed, slotId);
  return rulingAt(state, replayed.counter, atMs).limit + extra - spent - reserved;
}

/** When the answer came in another window than the question, the sums tell which of them was meant. */
function pickTime(
  state: ReplayState,
  replayed: ReplayedCounter,
  { amount, remaining }: ReservedHold,
  { atMs, doneMs }: Reserved,
): number {
  const asked = slotIdAt(replayed, atMs);
  const answered = slotIdAt(replayed, doneMs);
  if (asked === answered) return atMs;
  return remainingAt(state, replayed, asked, atMs) - amount === remaining ? atMs : doneMs;
}

function checkSums(
  state: ReplayState,
  replayed: ReplayedCounter,
  hold: ReservedHold,
  event: Reserved,
  atMs: number,
): void {
  const { counter, check, remaining } = hold;
  const added = remainingAt(state, replayed, slotIdAt(replayed, atMs), atMs);
  const { lease } = event;
  if (added !== remaining) {
    const message = `the store said that ${remaining} remains, the journal adds up to ${added}`;
    state.fault("sum_mismatch", message, lease, counter.key);
  }
  if (check === "fit" && added < 0) {
    const message = `a hold of ${hold.amount} was granted that exceeds the limit by ${-added}`;
    state.fault("over_limit", message, lease, counter.key);
  }
  const standIn = event.standIn ? false : rulingAt(state, counter, event.atMs).frozen;
  const thawed = !rulingAt(state, counter, event.doneMs).frozen;
  if (standIn && !thawed && !event.underway) {
    state.fault("frozen", "a hold was granted while the budget was frozen", lease, counter.key);
  }
}

/** What can be said of one process's part: the store itself said that nothing was left. */
function checkAnswer(state: ReplayState, hold: ReservedHold, { lease }: Reserved): void {
  if (hold.check !== "fit" || hold.remaining >= 0) return;
  const message = `a hold of ${hold.amount} was granted that exceeds the limit by ${-hold.remaining}`;
  state.fault("over_limit", message, lease, hold.counter.key);
}

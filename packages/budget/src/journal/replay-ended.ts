import type { JournalCharge, JournalEvent } from "./events.ts";
import type { ReplayedHold, ReplayedLease, ReplayState } from "./replay-state.ts";
import { noteUse } from "./replayed-counter.ts";

type Of<Kind extends JournalEvent["kind"]> = Extract<JournalEvent, { kind: Kind }>;

/** How long a store waits for the late end of a presumed lease. */
const PRESUMED_KEPT_MS = 24 * 3_600_000;

export function replayPresumed(state: ReplayState, event: Of<"presumed">): void {
  const { lease: id, counter, atMs } = event;
  const lease = state.leases.get(id);
  if (lease === undefined) {
    // Its reserve, or another process, wrote it without this journal's knowing.
    if (state.complete && !state.lost.has(id)) unknown(state, id);
    return;
  }
  if (lease.state === "settled" || lease.state === "released") {
    if (!state.lost.has(id)) state.fault("ended_twice", "a lease was presumed that had ended", id);
    return;
  }
  checkPresumed(state, lease, event);
  lease.presumed.add(counter);
  if (lease.state === "presumed") return;
  lease.state = "presumed";
  lease.presumedAtMs = atMs;
  for (const [key, hold] of lease.holds) {
    hold.slot.open--;
    move(state, id, key, hold, hold.amount, -hold.amount);
  }
}

function checkPresumed(
  state: ReplayState,
  { holds, presumed }: ReplayedLease,
  { lease: id, counter, amount }: Of<"presumed">,
): void {
  const held = holds.get(counter)?.amount;
  if (held !== amount) {
    const message = `${amount} was presumed of a lease that held ${held ?? "nothing"} there`;
    state.fault("amount_mismatch", message, id, counter);
  }
  if (presumed.has(counter)) {
    state.fault("ended_twice", "a lease was presumed twice", id, counter);
  }
}

export function replaySettled(state: ReplayState, event: Of<"settled" | "corrected">): void {
  const { lease: id, charges } = event;
  const lease = endingLease(state, id);
  if (lease === undefined) return;
  const forgotten = isForgotten(lease, event.atMs);
  if ((lease.state === "presumed") !== (event.kind === "corrected") && state.complete) {
    const message =
      event.kind === "corrected"
        ? "a lease was corrected that was not presumed"
        : "a lease was settled that was presumed before";
    state.fault("not_presumed", message, id);
  }
  checkCharges(state, id, lease, charges);
  const used = new Map(charges.map((charge) => [charge.counter, charge.used]));
  for (const [key, hold] of lease.holds) {
    const amount = used.get(key) ?? hold.amount;
    if (!forgotten) end(state, id, key, lease, hold, amount, event.atMs);
    if (amount > hold.amount) lease.overruns.set(key, amount - hold.amount);
  }
  lease.state = "settled";
}

export function replayReleased(state: ReplayState, { lease: id, atMs }: Of<"released">): void {
  const lease = endingLease(state, id);
  if (lease === undefined) return;
  const forgotten = isForgotten(lease, atMs);
  for (const [key, hold] of forgotten ? [] : lease.holds) end(state, id, key, lease, hold, 0, atMs);
  lease.state = "released";
}

export function replayOverrun(state: ReplayState, event: Of<"overrun">): void {
  const { lease, counter, amount } = event;
  const overruns = state.leases.get(lease)?.overruns;
  if (overruns?.get(counter) === amount) overruns.delete(counter);
  else state.fault("overrun_unfounded", `no call overran by ${amount}`, lease, counter);
}

/** What nobody recorded, told when the journal ends. */
export function checkMissing(state: ReplayState): void {
  for (const [id, { overruns, holds, presumed }] of state.leases) {
    for (const [counter, { amount }] of presumed.size > 0 && state.complete ? holds : []) {
      if (amount === 0 || presumed.has(counter)) continue;
      state.fault("not_presumed", "a lease was presumed, but not all of it", id, counter);
    }
    for (const [counter, amount] of overruns) {
      state.fault("overrun_missing", `an overrun of ${amount} is not recorded`, id, counter);
    }
  }
}

function unknown(state: ReplayState, id: string): void {
  state.fault("unknown_lease", "a lease ended that was never reserved", id);
}

/** Its store waits for its end no longer. */
function isForgotten({ state, presumedAtMs }: ReplayedLease, atMs: number): boolean {
  return state === "presumed" && atMs - presumedAtMs >= PRESUMED_KEPT_MS;
}

/** The lease that an end counts for. */
function endingLease(state: ReplayState, id: string): ReplayedLease | undefined {
  const lease = state.leases.get(id);
  if (lease === undefined) {
    unknown(state, id);
    return undefined;
  }
  if (lease.state === "settled" || lease.state === "released") {
    state.fault("ended_twice", `a lease ended that was ${lease.state} before`, id);
    return undefined;
  }
  return lease;
}

function checkCharges(
  state: ReplayState,
  id: string,
  { holds }: ReplayedLease,
  charges: readonly JournalCharge[],
): void {
  for (const { counter, held } of charges) {
    const reserved = holds.get(counter)?.amount;
    if (reserved === held) continue;
    const message = `a lease that held ${reserved ?? "nothing"} there ended as if it were ${held}`;
    state.fault("amount_mismatch", message, id, counter);
  }
  if (charges.length !== holds.size) {
    const message = `a lease with ${holds.size} holds was charged to ${charges.length} counters`;
    state.fault("amount_mismatch", message, id);
  }
}

function end(
  state: ReplayState,
  id: string,
  key: string,
  { state: before }: ReplayedLease,
  hold: ReplayedHold,
  used: number,
  atMs: number,
): void {
  if (before === "presumed") {
    move(state, id, key, hold, used - hold.amount, 0);
  } else {
    hold.slot.open--;
    move(state, id, key, hold, used, -hold.amount);
  }
  noteUse(hold.replayed, hold.slot, atMs);
}

function move(
  state: ReplayState,
  id: string,
  key: string,
  { slot }: ReplayedHold,
  spent: number,
  reserved: number,
): void {
  slot.spent += spent;
  slot.reserved += reserved;
  if (slot.reserved < 0) {
    state.fault("negative_reserved", "more was given back than was held", id, key);
  }
}

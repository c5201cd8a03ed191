import type { Counter } from "../store/store.ts";
import { calendarWindow } from "../window/calendar.ts";
import { bucketIndex, oldestBucketIndex } from "../window/rolling.ts";
import type { Window } from "../window/window.ts";

/** Amounts of one window, of a rolling one of one bucket. */
export interface ReplayedSlot {
  readonly id: number;
  spent: number;
  reserved: number;
  extra: number;
  /** Leases under way. */
  open: number;
  /** Tasks only. */
  endMs: number;
}

/** A counter as the journal alone makes it out. */
export interface ReplayedCounter {
  counter: Counter;
  /** By window start, bucket or number of the task's run. */
  readonly slots: Map<number, ReplayedSlot>;
  /** The newest of a rolling window or a task. */
  newestId: number | undefined;
}

export interface ReplayedTally {
  readonly spent: number;
  readonly reserved: number;
  readonly extra: number;
}

export function createReplayedCounter(counter: Counter): ReplayedCounter {
  return { counter, slots: new Map(), newestId: undefined };
}

/** The slot that something written at a time belongs to, without making it. */
export function slotIdAt(replayed: ReplayedCounter, atMs: number): number {
  const { counter, newestId } = replayed;
  const { window } = counter;
  switch (window.kind) {
    case "calendar":
      return calendarWindow(window.period, window.timezone, atMs).startMs;
    case "rolling": {
      const index = bucketIndex(window, atMs);
      const steppedBack = newestId !== undefined && newestId > index;
      return steppedBack && newestId - window.buckets <= index ? newestId : index;
    }
    case "task": {
      const running = replayed.slots.get(newestId ?? 0);
      if (running === undefined) return 0;
      return running.open === 0 && running.endMs <= atMs ? running.id + 1 : running.id;
    }
    default:
      return 0;
  }
}

export function openSlotAt(replayed: ReplayedCounter, atMs: number): ReplayedSlot {
  const id = slotIdAt(replayed, atMs);
  const { slots, counter } = replayed;
  const { window } = counter;
  if (window.kind === "rolling") dropOutside(replayed, window, id);
  replayed.newestId = id;
  let slot = slots.get(id);
  if (slot === undefined) {
    slot = { id, spent: 0, reserved: 0, extra: 0, open: 0, endMs: 0 };
    slots.set(id, slot);
  }
  noteUse(replayed, slot, atMs);
  return slot;
}

/** Asking for a call and ending one keep a task's window going. */
export function noteUse({ counter }: ReplayedCounter, slot: ReplayedSlot, atMs: number): void {
  if (counter.window.kind === "task") slot.endMs = atMs + counter.window.idleMs;
}

/** What counts in the window that a slot belongs to. */
export function tallyOf({ counter, slots }: ReplayedCounter, id: number): ReplayedTally {
  if (counter.window.kind !== "rolling") {
    return slots.get(id) ?? { spent: 0, reserved: 0, extra: 0 };
  }
  const sum = { spent: 0, reserved: 0, extra: 0 };
  for (const slot of slots.values()) {
    if (slot.id < id - counter.window.buckets) continue;
    sum.spent += slot.spent;
    sum.reserved += slot.reserved;
    sum.extra += slot.extra;
  }
  return sum;
}

/** Of a rolling window only what still counts is kept, or nothing when time stepped back far. */
function dropOutside(
  { slots, newestId }: ReplayedCounter,
  window: Extract<Window, { kind: "rolling" }>,
  id: number,
): void {
  const steppedBack = newestId !== undefined && newestId > id;
  const oldest = oldestBucketIndex(window, 0) + id - bucketIndex(window, 0);
  for (const index of slots.keys()) {
    if (steppedBack || index < oldest) slots.delete(index);
  }
}

import {
  changeAlerts,
  copyRecord,
  createCounterRecord,
  fixedWindow,
  isForgettable,
  isTaskOver,
  noteUse,
  openSlot,
  type CounterRecord,
} from "../memory/counter-record.ts";
import type { HeldSlot, MemoryLease } from "../memory/leases.ts";
import { expireBuckets, openBucket } from "../memory/rolling-buckets.ts";
import type { Slot } from "../memory/slot.ts";
import type { Counter } from "../store/store.ts";
import { writeCounter } from "./counter-text.ts";
import type { HeldAt, LeaseRow } from "./lease-rows.ts";
import type { WindowRow, WindowRows } from "./window-rows.ts";

/** A hold together with the row it is written to. */
export interface HeldRow extends HeldSlot {
  readonly record: WindowRow;
}

export interface BookedLease extends MemoryLease {
  readonly held: readonly HeldRow[];
}

/**
 * The windows that transactions look at: each is read once and written once per transaction, however many operations
 * share it. They stay good for the next one as long as no other process writes.
 */
export interface Books {
  /** The window of now, which is there from then on, and the slot in it that a hold made now belongs to. */
  open(counter: Counter, nowMs: number): { readonly row: WindowRow; readonly slot: Slot };
  /** A copy of the window of now, to try things on; none is made where there is none. */
  peek(counter: Counter, nowMs: number): CounterRecord;
  /** The holds of a lease at the windows they were made in. */
  bookedLease(lease: LeaseRow, nowMs: number): BookedLease;
  /** Takes a window out that nobody needs any more. @param read - as it is in the file */
  forgetIdle(read: WindowRow, nowMs: number): void;
  /** Writes what has changed. */
  save(): void;
  /** How many windows are kept in memory. */
  size(): number;
}

export function createBooks(rows: WindowRows): Books {
  const byId = new Map<number, WindowRow>();
  const newest = new Map<string, WindowRow>();

  function find(key: string, lowest: number, highest: number): WindowRow | undefined {
    const known = newest.get(key);
    if (known !== undefined && lowest <= known.slot && known.slot <= highest) return known;
    const read = rows.find(key, lowest, highest);
    return read === undefined ? undefined : remember(byId.get(read.id) ?? read);
  }

  function remember(row: WindowRow): WindowRow {
    byId.set(row.id, row);
    newest.set(row.counter.key, row);
    return row;
  }

  function rowOf(id: number): WindowRow {
    const row = byId.get(id) ?? rows.byId(id);
    if (row === undefined) throw new Error(`a lease is held in window ${id}, which is not there`);
    byId.set(id, row);
    return row;
  }

  function findCurrent({ key, window }: Counter, nowMs: number): WindowRow | undefined {
    if (window.kind === "task") {
      return find(key, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    }
    const slot = window.kind === "rolling" ? 0 : fixedWindow(window, nowMs).startMs;
    return find(key, slot, slot);
  }

  function openRow(counter: Counter, nowMs: number): WindowRow {
    const { window } = counter;
    const latest = findCurrent(counter, nowMs);
    if (window.kind === "task") {
      if (latest !== undefined && !isTaskOver(latest.tally, nowMs)) return latest;
      // Time may have stepped back: the newest window is the one that comes last.
      const slot = latest === undefined ? nowMs : Math.max(nowMs, latest.slot + 1);
      return remember(rows.insert(counter, slot, nowMs, nowMs));
    }
    const { startMs, endMs } =
      window.kind === "rolling" ? { startMs: 0, endMs: 0 } : fixedWindow(window, nowMs);
    return latest ?? remember(rows.insert(counter, startMs, startMs, endMs));
  }

  return {
    open(counter, nowMs) {
      const row = openRow(counter, nowMs);
      if (row.counter !== counter) {
        if (isOther(row.counter.alertAmounts, counter.alertAmounts)) changeAlerts(row, counter);
        if (isRedefined(row.counter, counter)) {
          row.definition = writeCounter(counter);
          row.changed = true;
        }
        row.counter = counter;
      }
      const slot = slotOf(row, nowMs);
      noteUse(counter, row.tally, nowMs);
      // A task goes on while it is asked for, granted or not.
      if (counter.window.kind === "task") row.changed = true;
      return { row, slot };
    },
    peek(counter, nowMs) {
      const record = copyRecord(
        findCurrent(counter, nowMs) ?? createCounterRecord(counter),
        counter,
      );
      openSlot(record, nowMs);
      return record;
    },
    bookedLease({ presumed, expiresAtMs, held }, nowMs) {
      return {
        presumed,
        expiresAtMs,
        held: held.map((one) => {
          const row = rowOf(one.windowId);
          dropOld(row, nowMs);
          return { record: row, tally: row.tally, amount: one.amount, slot: slotHeldAt(row, one) };
        }),
      };
    },
    forgetIdle(read, nowMs) {
      const row = byId.get(read.id) ?? read;
      if (row.changed || !isForgettable(row, nowMs)) return;
      rows.delete(row);
      byId.delete(row.id);
      newest.delete(row.counter.key);
    },
    save() {
      for (const row of byId.values()) {
        if (!row.changed) continue;
        rows.update(row);
        row.changed = false;
      }
    },
    size: () => byId.size,
  };
}

function slotOf(row: WindowRow, nowMs: number): Slot {
  const { window } = row.counter;
  if (window.kind !== "rolling") return row.tally;
  const newestIndex = row.buckets.at(-1)?.index ?? Number.NEGATIVE_INFINITY;
  const bucket = openBucket(row.buckets, row.tally, row.counter, window, nowMs);
  if (bucket.index < newestIndex) row.generation++;
  return bucket;
}

function isRedefined(before: Counter, now: Counter): boolean {
  return (
    before.limit !== now.limit ||
    isOther(before.alertAmounts, now.alertAmounts) ||
    isOther(before.controls, now.controls)
  );
}

function isOther(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length !== now.length || before.some((each, index) => each !== now[index]);
}

function slotHeldAt(row: WindowRow, { bucket, generation }: HeldAt): Slot {
  if (bucket === undefined) return row.tally;
  const there =
    generation === row.generation ? row.buckets.find(({ index }) => index === bucket) : undefined;
  return there ?? { spent: 0, reserved: 0, extra: 0, gone: true };
}

/** What has left a rolling window counts no more, whoever looks. */
function dropOld({ buckets, tally, counter }: WindowRow, nowMs: number): void {
  const { window } = counter;
  if (window.kind === "rolling") expireBuckets(buckets, tally, counter, window, nowMs);
}

/** Where a hold is written, for the lease to find it again. */
export function placeOf(row: WindowRow, slot: Slot, amount: number): HeldAt {
  const bucket = row.buckets.find((one) => one === slot)?.index;
  return { windowId: row.id, amount, bucket, generation: row.generation };
}

import type { Counter } from "../store/store.ts";
import {
  bucketIndex,
  bucketLeavesAtMs,
  oldestBucketIndex,
  type RollingWindow,
} from "../window/rolling.ts";
import type { Slot, Tally } from "./slot.ts";

/** A sub-bucket that has taken something. */
export interface Bucket extends Slot {
  readonly index: number;
}

/**
 * The bucket that a hold made now belongs to; what is too old leaves the tally.
 *
 * Time that steps back writes to the newest bucket there is, unless it steps back by more than the
 * whole window: then the clock was wrong before, and the count starts anew.
 */
export function openBucket(
  buckets: Bucket[],
  tally: Tally,
  counter: Counter,
  window: RollingWindow,
  nowMs: number,
): Bucket {
  const newest = buckets.at(-1);
  const index = bucketIndex(window, nowMs);
  if (newest !== undefined) {
    if (newest.index - window.buckets > index) dropBuckets(buckets, tally, buckets.length);
    else if (newest.index > index) return newest;
  }
  expireBuckets(buckets, tally, counter, window, nowMs);
  const last = buckets.at(-1);
  if (last?.index === index) return last;
  const bucket = { index, spent: 0, reserved: 0, extra: 0, gone: false };
  buckets.push(bucket);
  return bucket;
}

export function expireBuckets(
  buckets: Bucket[],
  tally: Tally,
  counter: Counter,
  window: RollingWindow,
  nowMs: number,
): void {
  const oldest = oldestBucketIndex(window, nowMs);
  tally.startMs = bucketLeavesAtMs(window, oldest - window.buckets - 1);
  tally.endMs = bucketLeavesAtMs(window, oldest);
  const first = buckets.findIndex(({ index }) => index >= oldest);
  dropBuckets(buckets, tally, first < 0 ? buckets.length : first);
  // What fell below a threshold may cross it again.
  const { alertAmounts } = counter;
  while (tally.reported > 0 && tally.spent < (alertAmounts[tally.reported - 1] ?? 0)) {
    tally.reported--;
  }
}

function dropBuckets(buckets: Bucket[], tally: Tally, count: number): void {
  for (const bucket of buckets.splice(0, count)) {
    bucket.gone = true;
    tally.spent -= bucket.spent;
    tally.reserved -= bucket.reserved;
    tally.extra -= bucket.extra;
  }
}

/** When the buckets that hold this much, less their top-ups, will all have left. */
export function freedAtMs(
  buckets: readonly Bucket[],
  window: RollingWindow,
  excess: number,
): number | undefined {
  let freed = 0;
  for (const bucket of buckets) {
    freed += bucket.spent + bucket.reserved - bucket.extra;
    if (freed >= excess) return bucketLeavesAtMs(window, bucket.index);
  }
  return undefined;
}

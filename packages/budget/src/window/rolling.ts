/** A rolling window cut into sub-buckets of equal width. */
export interface RollingWindow {
  readonly durationMs: number;
  readonly buckets: number;
}

/** Width of one sub-bucket in whole milliseconds. */
export function bucketWidthMs({ durationMs, buckets }: RollingWindow): number {
  return Math.ceil(durationMs / buckets);
}

/** Counts sub-buckets from the epoch. */
export function bucketIndex(window: RollingWindow, atMs: number): number {
  return Math.floor(atMs / bucketWidthMs(window));
}

/**
 * The oldest sub-bucket that still counts at an instant.
 *
 * The running bucket and `buckets` whole ones before it count: what was spent counts for at least
 * the duration and for at most one bucket more, so that no span of the duration exceeds the limit.
 */
export function oldestBucketIndex(window: RollingWindow, atMs: number): number {
  return bucketIndex(window, atMs) - window.buckets;
}

/** When a sub-bucket no longer counts. */
export function bucketLeavesAtMs(window: RollingWindow, index: number): number {
  return (index + window.buckets + 1) * bucketWidthMs(window);
}

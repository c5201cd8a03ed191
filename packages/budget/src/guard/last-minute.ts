/** Calls and spend of the last minute, in slices of five seconds. */
export interface LastMinute {
  readonly calls: number;
  readonly nanoUsd: number;
  /** The span covered is between 55 and 60 s: never more than a minute. */
  add(nowMs: number, calls: number, nanoUsd: number): void;
  /** Lets what is older leave. */
  advance(nowMs: number): void;
  /** When the oldest slice leaves. */
  easesAtMs(nowMs: number): number;
}

const SLICE_MS = 5_000;
const SLICES = 12;

export function createLastMinute(): LastMinute {
  const calls = new Float64Array(SLICES);
  const nanoUsd = new Float64Array(SLICES);
  let newest = Number.NEGATIVE_INFINITY;
  let sumCalls = 0;
  let sumNanoUsd = 0;

  function advance(nowMs: number): void {
    const slice = Math.floor(nowMs / SLICE_MS);
    if (slice <= newest) return;
    const gone = Math.min(SLICES, slice - newest);
    for (let step = 0; step < gone; step++) {
      const at = (slice - step) % SLICES;
      sumCalls -= calls[at] ?? 0;
      sumNanoUsd -= nanoUsd[at] ?? 0;
      calls[at] = 0;
      nanoUsd[at] = 0;
    }
    newest = slice;
  }

  return {
    get calls() {
      return sumCalls;
    },
    get nanoUsd() {
      return sumNanoUsd;
    },
    advance,
    add(nowMs, moreCalls, moreNanoUsd) {
      advance(nowMs);
      const at = newest % SLICES;
      calls[at] = (calls[at] ?? 0) + moreCalls;
      nanoUsd[at] = (nanoUsd[at] ?? 0) + moreNanoUsd;
      sumCalls += moreCalls;
      sumNanoUsd += moreNanoUsd;
    },
    easesAtMs(nowMs) {
      const slice = Math.floor(nowMs / SLICE_MS);
      for (let oldest = slice - SLICES + 1; oldest <= slice; oldest++) {
        if ((calls[((oldest % SLICES) + SLICES) % SLICES] ?? 0) > 0) {
          return (oldest + SLICES) * SLICE_MS;
        }
      }
      return nowMs;
    },
  };
}

/** Amounts of a stretch of time. */
export interface Slot {
  spent: number;
  reserved: number;
  /** Top-ups. */
  extra: number;
  /** It no longer counts in its tally. */
  gone: boolean;
}

/** The amounts of a window. Windows that do not roll are one slot, their own tally. */
export interface Tally extends Slot {
  startMs: number;
  endMs: number;
  /** Leases under way; they may hold nothing and still be about to spend. */
  open: number;
  /** Leases that may still change it: those under way and those whose late end is waited for. */
  leases: number;
  /** When a call last asked or ended. */
  usedAtMs: number;
  /** How many of the counter's alert amounts have been reported. */
  reported: number;
}

export function createTally(startMs: number, endMs: number): Tally {
  return {
    spent: 0,
    reserved: 0,
    extra: 0,
    gone: false,
    startMs,
    endMs,
    open: 0,
    leases: 0,
    usedAtMs: startMs,
    reported: 0,
  };
}

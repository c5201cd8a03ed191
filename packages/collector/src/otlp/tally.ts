import type { DecodeLimits } from "./limits.ts";

/** What became of the records of one request while they were read. */
export interface Tally {
  readonly limits: DecodeLimits;
  /** Records that can be used, and may be handed on. */
  accepted: number;
  /** Records that cannot. */
  rejected: number;
  /** Values that were cut or left out. */
  cut: number;
  /** How many more values the record that is being read may bring. */
  valuesLeft: number;
  readonly reasons: Set<string>;
}

export function createTally(limits: DecodeLimits): Tally {
  return {
    limits,
    accepted: 0,
    rejected: 0,
    cut: 0,
    valuesLeft: limits.valuesPerRecord,
    reasons: new Set(),
  };
}

export function reject(tally: Tally, reason: string, records = 1): void {
  tally.rejected += records;
  tally.reasons.add(reason);
}

/** Whether one more record may come; it is rejected otherwise. */
export function hasRoom(tally: Tally): boolean {
  tally.valuesLeft = tally.limits.valuesPerRecord;
  if (tally.accepted < tally.limits.recordsPerRequest) return true;
  reject(tally, `a request may bring ${tally.limits.recordsPerRequest} records`);
  return false;
}

/** Whether the record may bring one more value; it is counted as cut otherwise. */
export function takeValue(tally: Tally): boolean {
  if (tally.valuesLeft > 0) {
    tally.valuesLeft--;
    return true;
  }
  tally.cut++;
  return false;
}

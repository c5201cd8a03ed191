import type { LedgerEvent } from "../event.ts";
import { cellKey, cellOf, SUBJECT_DIMENSIONS, type CellValues } from "./dimensions.ts";
import type { Measures } from "./measures.ts";
import { addEvent, createSums, type Sums } from "./sums.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** What the events of one transaction add to the sums of one cell in one hour. */
export interface CellDelta {
  readonly key: string;
  readonly cell: CellValues;
  readonly hour: number;
  readonly sums: Sums;
  readonly subjects: Map<string, SubjectDelta>;
}

export interface SubjectDelta {
  /** Index in `SUBJECT_DIMENSIONS`. */
  readonly kind: number;
  readonly value: string;
  readonly sums: Sums;
}

/** Sums of events that are booked in one transaction, to be added to the roll-ups at its end. */
export interface Deltas {
  add(event: LedgerEvent, measures: Measures): void;
  all(): Iterable<CellDelta>;
}

export function createDeltas(): Deltas {
  const cells = new Map<string, CellDelta>();
  return {
    add(event, measures) {
      const { timeMs, attribution } = event;
      const hour = Math.floor(timeMs / HOUR_MS);
      const cell = cellOf(event);
      const key = cellKey(cell);
      const place = `${hour}\0${key}`;
      let delta = cells.get(place);
      if (delta === undefined) {
        delta = { key, cell, hour, sums: createSums(), subjects: new Map() };
        cells.set(place, delta);
      }
      addEvent(delta.sums, measures, timeMs);
      for (const [kind, dimension] of SUBJECT_DIMENSIONS.entries()) {
        const value = attribution[dimension];
        if (value !== undefined) addEvent(subjectSums(delta, kind, value), measures, timeMs);
      }
    },
    all: () => cells.values(),
  };
}

function subjectSums({ subjects }: CellDelta, kind: number, value: string): Sums {
  const key = `${kind}${value}`;
  let subject = subjects.get(key);
  if (subject === undefined) {
    subject = { kind, value, sums: createSums() };
    subjects.set(key, subject);
  }
  return subject.sums;
}

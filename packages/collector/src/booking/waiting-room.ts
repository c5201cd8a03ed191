import type { Taken } from "./sighted.ts";

/** Events that are durable and wait for what may tell of the same tokens, by when their wait is over. */
export interface WaitingRoom {
  add(events: readonly Taken[], dueAtMs: number): void;
  /** Takes out those whose wait is over, at most so many. */
  takeDue(nowMs: number, most: number): readonly Taken[];
  readonly size: number;
}

interface Batch {
  readonly dueAtMs: number;
  readonly events: readonly Taken[];
  taken: number;
}

export function createWaitingRoom(): WaitingRoom {
  /** In each, what comes first is due first; a wait shorter than those before needs a line of its own. */
  const lines: Batch[][] = [];
  let size = 0;

  function takeFrom(line: Batch[], nowMs: number, most: number, into: Taken[]): void {
    while (into.length < most) {
      const first = line[0];
      if (first === undefined || first.dueAtMs > nowMs) return;
      const taken = first.events.slice(first.taken, first.taken + most - into.length);
      into.push(...taken);
      first.taken += taken.length;
      if (first.taken >= first.events.length) line.shift();
    }
  }

  function take(nowMs: number, most: number): Taken[] {
    const due: Taken[] = [];
    for (const line of lines) takeFrom(line, nowMs, most, due);
    size -= due.length;
    return due;
  }

  return {
    add(events, dueAtMs) {
      if (events.length === 0) return;
      size += events.length;
      const batch: Batch = { dueAtMs, events, taken: 0 };
      for (const line of lines) {
        if ((line.at(-1)?.dueAtMs ?? 0) <= dueAtMs) {
          line.push(batch);
          return;
        }
      }
      lines.push([batch]);
    },
    takeDue: take,
    get size() {
      return size;
    },
  };
}

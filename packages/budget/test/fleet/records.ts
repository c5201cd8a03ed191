import { readFileSync } from "node:fs";
import type { JournalEvent } from "../../src/index.ts";
import type { FleetRun, WorkerRun } from "./run-fleet.ts";

/** One call as its process wrote it down, nano-USD. */
export interface CallRecord {
  readonly id: string;
  readonly agent: string;
  readonly most: number;
  readonly askedMs: number;
  /** What the provider charges; `undefined` when it was never sent, or sent by nobody who lived to say so. */
  cost: number | undefined;
  /** When the store had acknowledged its end. */
  endedMs: number | undefined;
  freed: boolean;
  /** It was let through without waiting for an answer of the store. */
  atOnce: boolean;
  /** Its process was killed. */
  readonly killed: boolean;
}

export function readRecords({ workers }: FleetRun): CallRecord[] {
  return workers.flatMap(readRecord);
}

function readRecord({ record, killed }: WorkerRun): CallRecord[] {
  const calls = new Map<string, CallRecord>();
  for (const line of wholeLines(record)) {
    const [kind, id = "", amount, atMs, more = ""] = line.split(" ");
    const call = calls.get(id);
    if (kind === "asked") {
      calls.set(id, {
        id,
        agent: more,
        most: Number(amount),
        askedMs: Number(atMs),
        cost: undefined,
        endedMs: undefined,
        freed: false,
        atOnce: false,
        killed,
      });
    } else if (call === undefined) {
      throw new Error(`${record}: ${line} of a call that nobody asked for`);
    } else if (kind === "sent") {
      call.cost = Number(amount);
      call.atOnce = more === "at-once";
    } else if (kind === "ended") call.endedMs = Number(atMs);
    else call.freed = true;
  }
  return [...calls.values()];
}

/** The journals of all processes together, in the order of the store's answers as far as it is known. */
export function readJournals({ workers }: FleetRun): JournalEvent[] {
  const events = workers.flatMap(({ journal }) =>
    wholeLines(journal).map((line) => {
      const event: JournalEvent = JSON.parse(line);
      return event;
    }),
  );
  return workers.length === 1 ? events : events.toSorted((a, b) => a.doneMs - b.doneMs);
}

/** What a process was writing when it was killed is no line. */
function wholeLines(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

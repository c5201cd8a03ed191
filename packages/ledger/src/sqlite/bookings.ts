import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@tollgate/core";
import type { Turns } from "@tollgate/sqlite";
import type { Bookings } from "../assemble-ledger.ts";
import type { LedgerEvent } from "../event.ts";
import type { ChargesFor, Recorded, Resolution } from "../ledger.ts";
import type { Deltas } from "../rollup/deltas.ts";
import { measuresOf } from "../rollup/measures.ts";
import { toIncoming, type Incoming } from "../rows/booking.ts";
import { BOOKED, DUPLICATE, WAITING } from "../schema/tables.ts";
import { createDocumentRows } from "./document-rows.ts";
import type { EventRows } from "./event-rows.ts";
import type { HeldEvent, HeldEvents } from "./held-events.ts";

/** What an operation works on: one transaction. */
export interface Turn {
  readonly events: EventRows;
  /** Sums to be added to the roll-ups at its end. */
  readonly deltas: Deltas;
  /** Senders that were heard: the latest times by sender and source. */
  readonly senders: Map<string, { sender: string; source: string; lastMs: number }>;
}

const DELETED_AT_ONCE = 1_000;

export interface BookingOptions {
  readonly db: DatabaseSync;
  readonly turns: Turns<Turn>;
  readonly clock: Clock;
  readonly held: HeldEvents;
  /** Runs an operation unless the file is known to be broken. */
  run<Result>(operation: (turn: Turn) => Result): Promise<Result>;
  close(): Promise<void>;
}

/** How long a process that ends tries to write its last events. */
const EXIT_LIMIT_MS = 1_000;

export function createBookings(options: BookingOptions): Bookings {
  const { db, turns, clock, held: waitingEvents, run, close } = options;
  const insertCharge = db.prepare(
    "INSERT INTO charge (id, owner, created_ms, payload) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );

  const documents = createDocumentRows(db);

  function charge(fresh: readonly LedgerEvent[], chargesFor: ChargesFor | undefined): void {
    if (chargesFor === undefined || fresh.length === 0) return;
    for (const { id, owner, payload } of chargesFor(fresh)) {
      insertCharge.run(id, owner, Math.floor(clock.now()), JSON.stringify(payload ?? null));
    }
  }

  function book(turn: Turn, batch: readonly Incoming[], chargesFor?: ChargesFor): Outcome[] {
    const outcomes = batch.map((each) => insert(turn, each, BOOKED));
    charge(newOnes(batch, outcomes), chargesFor);
    return outcomes;
  }

  function remember(
    events: readonly { readonly event: LedgerEvent }[],
    batch: readonly HeldEvent[],
  ): void {
    for (const [index, { event }] of events.entries()) {
      const incoming = batch[index];
      if (incoming?.sequence !== undefined) waitingEvents.put(event, incoming);
    }
  }

  const receive = (events: readonly LedgerEvent[]): readonly Incoming[] => {
    const nowMs = clock.now();
    return events.map((event) => toIncoming(event, nowMs));
  };

  const receiveHeld = (events: readonly LedgerEvent[]): readonly HeldEvent[] => {
    const nowMs = clock.now();
    return events.map((event) => waitingEvents.take(event) ?? toIncoming(event, nowMs));
  };

  return {
    async record(events, chargesFor) {
      const batch = receive(events);
      return run((turn) => toRecorded(book(turn, batch, chargesFor)));
    },
    recordNow(events) {
      const batch = receive(events);
      return turns.runNow((turn) => void book(turn, batch), EXIT_LIMIT_MS);
    },
    async take({ booked = [], duplicates = [], held = [], documents: changes = [] }, chargesFor) {
      const counted = receive(booked);
      const others = receive(duplicates);
      const waiting = receive(held.map(({ event }) => event));
      const recorded = await run((turn) => {
        if (!documents.put(changes, Math.floor(clock.now()))) return "conflict";
        const outcomes = book(turn, counted, chargesFor);
        return toRecorded([
          ...outcomes,
          ...others.map((each) => insert(turn, each, DUPLICATE)),
          ...waiting.map((each, index) =>
            insert(turn, each, WAITING, Math.ceil(held[index]?.dueAtMs ?? 0)),
          ),
        ]);
      });
      if (recorded !== "conflict") remember(held, waiting);
      return recorded;
    },
    putDocuments: (changes) => run(() => documents.put(changes, Math.floor(clock.now()))),
    async resolve({ booked, duplicates }: Resolution, chargesFor) {
      const counted = receiveHeld(booked);
      const others = receiveHeld(duplicates);
      const recorded = await run((turn) => {
        const outcomes = counted.map((each) => resolve(turn, each, BOOKED));
        charge(newOnes(counted, outcomes), chargesFor);
        return toRecorded([...outcomes, ...others.map((each) => resolve(turn, each, DUPLICATE))]);
      });
      for (const [index, each] of [...counted, ...others].entries()) {
        const state = index < counted.length ? "booked" : "duplicate";
        each.state = recorded.fresh[index] === true ? state : undefined;
      }
      return recorded;
    },
    async deleteEventsBefore(timeMs) {
      const beforeMs = Math.ceil(timeMs);
      let deleted = 0;
      for (;;) {
        const some = await run(({ events }) => events.deleteSome(beforeMs, DELETED_AT_ONCE));
        deleted += some;
        if (some < DELETED_AT_ONCE) return deleted;
      }
    },
    close,
  };
}

type Outcome = "new" | "known" | "outdated";

function insert(turn: Turn, incoming: Incoming, state: number, dueMs?: number): Outcome {
  const { event } = incoming;
  if (event.timeMs < turn.events.deletedBeforeMs()) return "outdated";
  const measures = measuresOf(event);
  const sequence = turn.events.insert(incoming, state, dueMs, measures);
  if (sequence === undefined) return "known";
  incoming.sequence = sequence;
  if (state === BOOKED) turn.deltas.add(event, measures);
  noteSender(turn, incoming);
  return "new";
}

function resolve(turn: Turn, incoming: Incoming, state: number): Outcome {
  const measures = measuresOf(incoming.event);
  const { sequence, keyHash } = incoming;
  if (sequence === undefined || !turn.events.endWait(sequence, keyHash, state)) {
    const found = turn.events.find(keyHash);
    if (found === undefined) return insert(turn, incoming, state);
    if (!found.isWaiting) return "known";
    turn.events.replace(found, incoming, state, measures);
  }
  if (state === BOOKED) turn.deltas.add(incoming.event, measures);
  return "new";
}

function noteSender({ senders }: Turn, { event, receivedMs }: Incoming): void {
  const { sender, source } = event;
  if (sender === undefined) return;
  senders.set(`${sender}\0${source}`, { sender, source, lastMs: receivedMs });
}

function newOnes(batch: readonly Incoming[], outcomes: readonly Outcome[]): LedgerEvent[] {
  return batch.filter((_incoming, index) => outcomes[index] === "new").map(({ event }) => event);
}

function toRecorded(outcomes: readonly Outcome[]): Recorded {
  return {
    fresh: outcomes.map((outcome) => outcome === "new"),
    outdated: outcomes.filter((outcome) => outcome === "outdated").length,
  };
}

import type { Kysely } from "kysely";
import type { Clock } from "@tollgate/core";
import type { Bookings } from "../assemble-ledger.ts";
import type { LedgerEvent } from "../event.ts";
import { inOneOrder, writeDocument } from "../documents/write-documents.ts";
import type { ChargesFor, DocumentChange, Recorded } from "../ledger.ts";
import { toIncoming } from "../rows/booking.ts";
import { BOOKED, DUPLICATE, WAITING, type Tables } from "../schema/tables.ts";
import { book, type Books } from "./book.ts";
import { isAway, type Connections, type Session } from "./connection.ts";
import { deleteKeys, deleteSome } from "./delete-events.ts";
import { takeOperations, toEntry, toRecorded, type Entry, type Operation } from "./operations.ts";

/** What resolves is on the disk, whatever the server's default is. */
export const BEGIN_DURABLE = "BEGIN; SET LOCAL synchronous_commit TO on";

/** Takes the transaction back; never leaves this file. */
class DocumentConflict extends Error {}

/** Writes by turns: calls that come while a transaction is under way share the next one. */
export function createBookings(
  connections: Connections,
  build: Kysely<Tables>,
  books: Books,
  clock: Clock,
): Bookings {
  const queue: Operation[] = [];
  let working: Promise<void> | undefined;
  /** After a failure operations run one by one, so that only the one at fault fails. */
  let alone = 0;
  let lost = false;

  function enqueue(
    entries: readonly Entry[],
    chargesFor?: ChargesFor,
    documents: readonly DocumentChange[] = [],
  ): Promise<Recorded | "conflict"> {
    return new Promise((resolve, reject) => {
      queue.push({ entries, chargesFor, documents, resolve, reject });
      // What comes in the same turn of the event loop comes in the same transaction.
      working ??= Promise.resolve().then(work);
    });
  }

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const operations = takeOperations(queue, alone > 0 ? 1 : Number.POSITIVE_INFINITY);
      if (alone > 0) alone--;
      try {
        books.rollUps.begin(lost);
        if (lost) books.partitions.forget();
        lost = true;
        const outcomes = await connections.transaction(BEGIN_DURABLE, async (session) => {
          await putDocuments(session, operations);
          return book(session, books, operations, Math.floor(clock.now()));
        });
        lost = false;
        for (const [index, each] of operations.entries())
          each.resolve(toRecorded(outcomes[index] ?? []));
      } catch (error) {
        failed(operations, error);
      }
    }
    working = undefined;
  }

  function failed(operations: readonly Operation[], error: unknown): void {
    if (error instanceof DocumentConflict) operations[0]?.resolve("conflict");
    // Nobody waits for one try after the other.
    else if (isAway(error)) for (const each of operations) each.reject(error);
    else if (operations.length > 1) {
      queue.unshift(...operations);
      alone = operations.length;
    } else operations[0]?.reject(error);
  }

  async function putDocuments(session: Session, operations: readonly Operation[]): Promise<void> {
    for (const change of inOneOrder(operations.flatMap(({ documents }) => documents))) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const written = await session.rows(writeDocument(build, change, Math.floor(clock.now())));
      if (written.length === 0) throw new DocumentConflict();
    }
  }

  async function enqueueEvents(
    entries: readonly Entry[],
    chargesFor?: ChargesFor,
  ): Promise<Recorded> {
    const recorded = await enqueue(entries, chargesFor);
    if (recorded === "conflict") throw new Error("without documents there is no conflict");
    return recorded;
  }

  const enter = (
    events: readonly LedgerEvent[],
    state: number,
    more?: Partial<Entry>,
  ): readonly Entry[] => {
    const nowMs = clock.now();
    return events.map((event) => toEntry(toIncoming(event, nowMs), state, more));
  };

  return {
    record: async (events, chargesFor) => enqueueEvents(enter(events, BOOKED), chargesFor),
    take: async ({ booked = [], duplicates = [], held = [], documents }, chargesFor) =>
      enqueue(
        [
          ...enter(booked, BOOKED),
          ...enter(duplicates, DUPLICATE),
          ...held.flatMap(({ event, dueAtMs }) =>
            enter([event], WAITING, { dueMs: Math.ceil(dueAtMs) }),
          ),
        ],
        chargesFor,
        documents,
      ),
    putDocuments: async (documents) => (await enqueue([], undefined, documents)) !== "conflict",
    resolve: async ({ booked, duplicates }, chargesFor) =>
      enqueueEvents(
        [...enter(booked, BOOKED, { ends: true }), ...enter(duplicates, DUPLICATE, { ends: true })],
        chargesFor,
      ),
    async deleteEventsBefore(timeMs) {
      const beforeMs = Math.ceil(timeMs);
      const inPortions = async (portion: typeof deleteSome): Promise<number> => {
        let deleted = 0;
        for (;;) {
          const { count, isDone } = await connections.transaction(BEGIN_DURABLE, (session) =>
            portion(session, books, beforeMs),
          );
          deleted += count;
          if (isDone) return deleted;
        }
      };
      const deleted = await inPortions(deleteSome);
      await inPortions(deleteKeys);
      return deleted;
    },
    async close() {
      await working;
      await connections.close();
    },
  };
}

import type { CompiledQuery, Kysely } from "kysely";
import type { Clock } from "@tollgate/core";
import { readDocuments } from "./documents/read-documents.ts";
import {
  putTask,
  putWorkstream,
  readTask,
  readWorkstream,
  toTask,
  toWorkstream,
} from "./items/work-items.ts";
import type { Ledger } from "./ledger.ts";
import { readPage, scanEvents } from "./query/event-pages.ts";
import type { ReadSource } from "./query/reads.ts";
import { readSeries } from "./query/series.ts";
import { readSummary } from "./query/summary.ts";
import { readSenders, readCharges, readOverdue, readSpans } from "./query/waiting.ts";
import type { Tables } from "./schema/tables.ts";

/** What a database does in its own way. */
export type Bookings = Pick<
  Ledger,
  "record" | "recordNow" | "take" | "resolve" | "putDocuments" | "deleteEventsBefore" | "close"
>;

/** A database as a ledger uses it. */
export interface LedgerDatabase extends ReadSource {
  readonly build: Kysely<Tables>;
  /** Where the hashes of keys are. */
  readonly keyTable: "event" | "event_key";
  /** Runs one statement as a transaction. */
  write<Row>(query: { compile(): CompiledQuery<Row> }): Promise<readonly Row[]>;
}

const CONFIRMED_AT_ONCE = 500;

/** Makes a ledger of a database and its bookings: all that is the same for every database. */
export function assembleLedger(database: LedgerDatabase, bookings: Bookings, clock: Clock): Ledger {
  const { build, read, write, keyTable } = database;
  return {
    ...bookings,
    overdue: (beforeMs, limit) => read((reads) => readOverdue(reads, beforeMs, limit)),
    spansOf: (traceIds) => read((reads) => readSpans(reads, traceIds, keyTable)),
    sendersHeard: (senders) => read((reads) => readSenders(reads, senders)),
    pendingCharges: (of) => read((reads) => readCharges(reads, of)),
    async confirmCharges(ids) {
      for (let start = 0; start < ids.length; start += CONFIRMED_AT_ONCE) {
        const some = ids.slice(start, start + CONFIRMED_AT_ONCE);
        await write(build.deleteFrom("charge").where("id", "in", some).returning("id"));
      }
    },
    documents: (keys) => read((reads) => readDocuments(reads, keys)),
    async deleteDocuments(prefix, beforeMs) {
      const deleted = await write(
        build
          .deleteFrom("document")
          .where("key", ">=", prefix)
          .where("key", "<", `${prefix}\u{10ffff}`)
          .where("updated_ms", "<", beforeMs)
          .returning("key"),
      );
      return deleted.length;
    },
    events: (filter, page) => readPage(database, filter, page),
    scan: (filter) => scanEvents(database, filter),
    summary: (query) => read((reads) => readSummary(reads, query)),
    series: (query) => read((reads) => readSeries(reads, query)),
    task: (organization, id) => read((reads) => readTask(reads, organization, id)),
    async putTask(organization, id, change) {
      const [row] = await write(putTask(build, organization, id, change, Math.floor(clock.now())));
      if (row === undefined) throw new Error("a task that was written is not there");
      return toTask(row);
    },
    workstream: (organization, id) => read((reads) => readWorkstream(reads, organization, id)),
    async putWorkstream(organization, id, change) {
      const [row] = await write(
        putWorkstream(build, organization, id, change, Math.floor(clock.now())),
      );
      if (row === undefined) throw new Error("a workstream that was written is not there");
      return toWorkstream(row);
    },
  };
}

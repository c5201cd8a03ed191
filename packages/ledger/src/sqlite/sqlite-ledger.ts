import { DatabaseSync } from "node:sqlite";
import { systemClock, type Clock, type TollgateError } from "@tollgate/core";
import {
  createTurns,
  fileIdentity,
  isCorrupt,
  openSqliteFile,
  setAside,
  toFileError,
  unavailable,
  type FileKind,
} from "@tollgate/sqlite";
import { assembleLedger } from "../assemble-ledger.ts";
import type { Ledger } from "../ledger.ts";
import type { Reads } from "../query/reads.ts";
import { createDeltas } from "../rollup/deltas.ts";
import { DEFAULT_CELLS, DEFAULT_SUBJECTS, type RollUpLimits } from "../rollup/limits.ts";
import { SQLITE_MIGRATIONS } from "../schema/migrations.ts";
import { createBookings, type Turn } from "./bookings.ts";
import { createSqliteBuilder } from "./build-query.ts";
import { createEventRows } from "./event-rows.ts";
import { createHeldEvents } from "./held-events.ts";
import { createRollUpRows } from "./roll-up-rows.ts";
import { createStatements } from "./statements.ts";
import { createTraceSpans } from "./trace-spans.ts";

export interface SqliteLedgerOptions {
  /** The file; made when it is not there. Its folder must be there, on a disk of this machine. */
  readonly path: string;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  /**
   * How long a write waits for other processes that write, milliseconds, until the ledger counts as away.
   *
   * @defaultValue 5,000
   */
  readonly maxWaitMs?: number | undefined;
  readonly rollUpLimits?: RollUpLimits | undefined;
}

const LEDGER_FILE: FileKind = {
  name: "ledger",
  examplePath: "./ledger.db",
  packageName: "@tollgate/ledger",
  whenLost:
    "What was recorded in it is not seen any more. Restore a copy, or start again with an empty one.",
  // `toll` with the last bit turned, in ASCII `tolm`.
  applicationId: 0x746f_6c6d,
  migrations: SQLITE_MIGRATIONS,
};

/** Pages kept in memory at most: indexes of random keys are written all over. */
const CACHE_KIB = 32_768;
/** Pages in the write-ahead log until they are copied: one that is written often is copied once. */
const CHECKPOINT_PAGES = 16_000;
/** Looked at in one turn of the event loop, where no index leads to what is asked. */
const WINDOW_EVENTS = 20_000;
/** Reads wait so long in place for who repairs the log of a process that was killed. */
const READ_WAIT_MS = 20;

/**
 * Keeps a ledger in a SQLite file, which any number of processes of one machine may write and read. What has resolved
 * is on the disk, also when the power fails.
 *
 * Writes that come in one turn of the event loop share a transaction, and nothing waits in place for another process.
 * Reads are done in place, by a connection of their own that sees one state.
 *
 * @throws TollgateError `TOLLGATE_STORE_CORRUPT` when the file cannot be read: it has been set aside then, under the
 *   path in the message. `TOLLGATE_STORE_UNAVAILABLE` when it cannot be opened or written, is not a ledger, or a newer
 *   version wrote it.
 */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { path, clock = systemClock, maxWaitMs = 5_000, rollUpLimits = {} } = options;
  const db = openSqliteFile(LEDGER_FILE, path);
  const identity = fileIdentity(path);
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  const build = createSqliteBuilder();
  const events = createEventRows(db, build);
  const rollUps = createRollUpRows(db, {
    cells: rollUpLimits.cellsPerHour ?? DEFAULT_CELLS,
    subjects: rollUpLimits.subjectsPerHour ?? DEFAULT_SUBJECTS,
  });
  const heard = db.prepare(
    `INSERT INTO sender (sender, source, last_ms) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET last_ms = max(last_ms, excluded.last_ms)`,
  );
  let broken: TollgateError | undefined;

  function toError(error: unknown): TollgateError {
    if (!isCorrupt(error)) return toFileError(LEDGER_FILE, path, error);
    broken ??= setAside(LEDGER_FILE, path, identity, error);
    return broken;
  }

  const turns = createTurns<Turn>({
    db,
    begin(stale) {
      if (stale) events.invalidate();
      rollUps.begin(stale);
      return { events, deltas: createDeltas(), senders: new Map() };
    },
    save({ deltas, senders }) {
      rollUps.add(deltas);
      for (const { sender, source, lastMs } of senders.values()) heard.run(sender, source, lastMs);
    },
    maxWaitMs,
    toError,
    random: Math.random,
  });

  async function run<Result>(operation: (turn: Turn) => Result): Promise<Result> {
    if (broken !== undefined) throw broken;
    return turns.run(operation);
  }

  const readingDb = new DatabaseSync(path, { timeout: READ_WAIT_MS });
  const reader = createReader(readingDb, { build });
  const held = createHeldEvents();
  const traces = createTraceSpans(readingDb, held);
  const writing = createStatements(db);

  const bookings = createBookings({
    db,
    turns,
    clock,
    held,
    run,
    async close() {
      await turns.idle();
      if (broken?.cause !== CLOSED) {
        broken = unavailable(LEDGER_FILE, path, "it was closed; open it again", CLOSED);
        reader.close();
        db.close();
      }
    },
  });

  const ledger = assembleLedger(
    {
      build,
      keyTable: "event",
      windowEvents: WINDOW_EVENTS,
      write: (query) => run(() => writing.all(query)),
      async read(work) {
        if (broken !== undefined) throw broken;
        try {
          return await reader.read(work);
        } catch (error) {
          throw isFromSqlite(error) ? toError(error) : error;
        }
      },
    },
    bookings,
    clock,
  );

  return {
    ...ledger,
    async spansOf(traceIds) {
      if (broken !== undefined) throw broken;
      const known = traceIds.map((traceId) => traces.find(traceId));
      const others = traceIds.filter((_traceId, index) => known[index] === undefined);
      const read = others.length === 0 ? [] : await ledger.spansOf(others);
      return [...known.flatMap((spans) => spans ?? []), ...read];
    },
  };
}

const CLOSED = new Error("closed");

function isFromSqlite(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

interface Reader {
  read<Result>(work: (reads: Reads) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Reads that go on at the same time share what they see. */
function createReader(db: DatabaseSync, { build }: Pick<Reads, "build">): Reader {
  db.exec("PRAGMA query_only = 1");
  const statements = createStatements(db);
  const reads: Reads = { build, rows: async (query) => statements.all(query) };
  let open = 0;
  return {
    async read(work) {
      if (open === 0) db.exec("BEGIN");
      open++;
      try {
        return await work(reads);
      } finally {
        open--;
        if (open === 0) db.exec("COMMIT");
      }
    },
    close: () => db.close(),
  };
}

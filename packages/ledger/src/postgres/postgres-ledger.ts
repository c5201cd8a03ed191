import { systemClock, TollgateError, type Clock } from "@tollgate/core";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";
import type { Pool as PgPool } from "pg";
import { assembleLedger } from "../assemble-ledger.ts";
import type { LedgerEvent } from "../event.ts";
import type { Ledger } from "../ledger.ts";
import { DEFAULT_CELLS, DEFAULT_SUBJECTS, type RollUpLimits } from "../rollup/limits.ts";
import type { Tables } from "../schema/tables.ts";
import { BEGIN_DURABLE, createBookings } from "./bookings.ts";
import { createConnections } from "./connection.ts";
import { createEventRows } from "./event-rows.ts";
import { migrate } from "./migrate.ts";
import { createPartitions } from "./partitions.ts";
import type { PostgresPool } from "./pool.ts";
import { recordInPostgresNow } from "./record-now.ts";
import { createRollUpRows } from "./roll-up-rows.ts";

interface CommonOptions {
  /** 1–40 of a–z, 0–9 and `_`, made when it is not there. @defaultValue `tollgate` */
  readonly schema?: string | undefined;
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
  readonly rollUpLimits?: RollUpLimits | undefined;
}

export type PostgresLedgerOptions = CommonOptions &
  (
    | {
        /** Such as `postgres://user:password@host:5432/database`. */
        readonly url: string;
        /** Connections at most: one writes, the others read. @defaultValue 4 */
        readonly maxConnections?: number | undefined;
      }
    | {
        /** A pool of `pg` that is yours: it stays open when the ledger is closed. */
        readonly pool: PostgresPool;
      }
  );

const CONNECT_TIMEOUT_MS = 5_000;
/** A server that hangs is away: senders of telemetry wait for ten seconds. */
const WRITE_TIMEOUT_MS = 8_000;
const READ_TIMEOUT_MS = 30_000;
const READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/**
 * Keeps a ledger in PostgreSQL (14 or later), for any number of processes. Install `pg` beside it. What has resolved
 * is on the server's disk.
 *
 * Tables are made or brought up to date; of several processes that start at once one does it.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a schema that is none. `TOLLGATE_STORE_UNAVAILABLE` when the
 *   database cannot be reached, or a newer version made its tables.
 */
export async function openPostgresLedger(options: PostgresLedgerOptions): Promise<Ledger> {
  const { schema = "tollgate", clock = systemClock, rollUpLimits = {} } = options;
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
    const message = `The schema ${JSON.stringify(schema)} cannot be used: write 1-40 of a-z, 0-9 and _, not beginning with a digit`;
    throw new TollgateError("TOLLGATE_CONFIG_INVALID", message);
  }
  const { default: pg } = await import("pg");
  const owned = "url" in options;
  const pool = owned ? openPool(pg, options.url, options.maxConnections ?? 4) : options.pool;
  const connect = (timeoutMs: number | undefined) =>
    createConnections(pool, pg.types.getTypeParser, owned, timeoutMs);
  const connections = connect(WRITE_TIMEOUT_MS);
  const reading = connect(READ_TIMEOUT_MS);
  try {
    // Bringing tables up to date takes as long as it takes.
    await migrate(connect(undefined), schema);
  } catch (error) {
    await connections.close();
    throw error;
  }

  const build = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }).withSchema(schema);
  const books = {
    schema,
    events: createEventRows(schema),
    partitions: createPartitions(schema),
    rollUps: createRollUpRows(schema, {
      cells: rollUpLimits.cellsPerHour ?? DEFAULT_CELLS,
      subjects: rollUpLimits.subjectsPerHour ?? DEFAULT_SUBJECTS,
    }),
  };
  const recordNow = (events: readonly LedgerEvent[]): boolean => {
    if (!owned) return false;
    // What this process has begun and cannot end any more must not be waited for.
    connections.abandon();
    return recordInPostgresNow({ url: options.url, schema }, events);
  };
  return assembleLedger(
    {
      build,
      keyTable: "event_key",
      windowEvents: undefined,
      read: (work) => reading.transaction(READ, ({ rows }) => work({ build, rows })),
      write: (query) => connections.transaction(BEGIN_DURABLE, ({ rows }) => rows(query)),
    },
    { ...createBookings(connections, build, books, clock), ...(owned && { recordNow }) },
    clock,
  );
}

function openPool(
  { Pool }: { readonly Pool: typeof PgPool },
  url: string,
  max: number,
): PostgresPool {
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // An app that has nothing else to do may end.
    allowExitOnIdle: true,
  });
  // A connection that breaks while it is idle is replaced; who needs one hears of it then.
  pool.on("error", () => undefined);
  return pool;
}

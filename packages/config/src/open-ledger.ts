import { createRequire } from "node:module";
import { isTollgateError, systemClock, TollgateError, type Clock } from "@tollgate/core";
import type { Ledger } from "@tollgate/ledger";
import type { LedgerTarget, LedgerWriter, LedgerWriterOptions } from "@tollgate/ledger/writer";
import type { LedgerConfig } from "./ledger-schema.ts";

/** A ledger's driver is loaded by those that name the ledger. */
const require = createRequire(import.meta.url);

interface SqliteDriver {
  openSqliteLedger(options: { readonly path: string; readonly clock: Clock }): Ledger;
}

interface PostgresDriver {
  openPostgresLedger(options: { readonly url: string; readonly clock: Clock }): Promise<Ledger>;
  recordInPostgresNow(
    options: { readonly url: string },
    events: Parameters<NonNullable<Ledger["recordNow"]>>[0],
  ): boolean;
}

interface WriterModule {
  createLedgerWriter(ledger: LedgerTarget, options?: LedgerWriterOptions): LedgerWriter;
}

/**
 * Opens the ledger that a configuration names.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when it cannot be opened.
 */
export async function openLedger(
  { sqlite, postgres }: LedgerConfig,
  clock: Clock = systemClock,
): Promise<Ledger> {
  if (sqlite !== undefined) return openSqlite(sqlite, clock);
  return openPostgres(urlIn(postgres), clock);
}

/** What an instrumented app writes its calls into. */
export interface ConfiguredWriter extends Omit<LedgerWriter, "close"> {
  /** Writes what waits, takes no more, and closes the ledger. */
  close(): Promise<void>;
}

/**
 * Opens the ledger that a configuration names, for an app that writes its own calls into it. A server that is away keeps
 * no app from starting: events wait for it.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when a file cannot be opened.
 */
export function openLedgerWriter(
  { sqlite, postgres }: LedgerConfig,
  options: LedgerWriterOptions = {},
): ConfiguredWriter {
  const { createLedgerWriter }: WriterModule = require("@tollgate/ledger/writer");
  const clock = options.clock ?? systemClock;
  const target =
    sqlite === undefined ? openLate(urlIn(postgres), clock) : openSqlite(sqlite, clock);
  const writer = createLedgerWriter(target, options);
  return {
    ...writer,
    async close() {
      await writer.close();
      await target.close();
    },
  };
}

function openSqlite(path: string, clock: Clock): Ledger {
  const driver: SqliteDriver = require("@tollgate/ledger/sqlite");
  return driver.openSqliteLedger({ path, clock });
}

/** A server is reached when there is something to write, again and again if need be. */
function openLate(url: string, clock: Clock): LedgerTarget & { close(): Promise<void> } {
  let opening: Promise<Ledger> | undefined;
  let ledger: Ledger | undefined;
  async function open(): Promise<Ledger> {
    try {
      ledger = await openPostgres(url, clock);
      return ledger;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }
  const opened = (): Promise<Ledger> => (opening ??= open());
  return {
    record: async (events) => (await opened()).record(events),
    // One that is open breaks off first what it has begun, which the last events would wait for.
    recordNow: (events) =>
      ledger?.recordNow?.(events) ?? loadPostgres().recordInPostgresNow({ url }, events),
    async close() {
      await opening?.catch(() => undefined);
      await ledger?.close();
    },
  };
}

async function openPostgres(url: string, clock: Clock): Promise<Ledger> {
  try {
    return await loadPostgres().openPostgresLedger({ url, clock });
  } catch (error) {
    if (isTollgateError(error)) throw error;
    const message =
      "ledger.postgres: its driver cannot be loaded; install it beside Tollgate: npm install pg";
    throw new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message, { cause: error });
  }
}

function loadPostgres(): PostgresDriver {
  const driver: PostgresDriver = require("@tollgate/ledger/postgres");
  return driver;
}

function urlIn(postgres: string | undefined): string {
  if (postgres !== undefined) return postgres;
  throw new TollgateError("TOLLGATE_CONFIG_INVALID", "ledger: says neither sqlite nor postgres");
}

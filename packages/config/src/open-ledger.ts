import { createRequire } from "node:module";
import type { Clock } from "@tollgate/core";
import type { Ledger } from "@tollgate/ledger";
import type { LedgerConfig } from "./ledger-schema.ts";

/** A ledger's driver is loaded by those that name the ledger. */
const require = createRequire(import.meta.url);

interface SqliteDriver {
  openSqliteLedger(options: { readonly path: string; readonly clock: Clock }): Ledger;
}

interface PostgresDriver {
  openPostgresLedger(options: { readonly url: string; readonly clock: Clock }): Ledger;
}

/**
 * Opens the ledger that a configuration names.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when a file cannot be opened.
 */
export function openLedger({ sqlite, postgres }: LedgerConfig, clock: Clock): Ledger | undefined {
  if (sqlite !== undefined) {
    const driver: SqliteDriver = require("@tollgate/ledger/sqlite");
    return driver.openSqliteLedger({ path: sqlite, clock });
  }
  if (postgres === undefined) return undefined;
  const driver: PostgresDriver = require("@tollgate/ledger/postgres");
  return driver.openPostgresLedger({ url: postgres, clock });
}

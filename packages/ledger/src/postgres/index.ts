export { openPostgresLedger } from "./postgres-ledger.ts";
export type { PostgresLedgerOptions } from "./postgres-ledger.ts";
export type { PostgresClient, PostgresPool, PostgresRow } from "./pool.ts";
export { recordInPostgresNow } from "./record-now.ts";

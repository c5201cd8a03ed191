export { openPostgresLedger } from "./postgres-ledger.ts";
export type { PostgresLedgerOptions } from "./postgres-ledger.ts";
export { recordInPostgresNow } from "./record-now.ts";

export { openPostgresLedger } from "./postgres-ledger.ts";
export type { PostgresLedgerOptions } from "./postgres-ledger.ts";

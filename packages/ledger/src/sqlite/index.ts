export { openSqliteLedger } from "./sqlite-ledger.ts";
export type { SqliteLedgerOptions } from "./sqlite-ledger.ts";

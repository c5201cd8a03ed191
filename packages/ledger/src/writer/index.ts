export { createLedgerWriter } from "./ledger-writer.ts";
export type { LedgerWriter, LedgerWriterOptions } from "./ledger-writer.ts";

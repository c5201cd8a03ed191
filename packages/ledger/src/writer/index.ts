export { createLedgerWriter } from "./ledger-writer.ts";
export type { LedgerTarget, LedgerWriter, LedgerWriterOptions } from "./ledger-writer.ts";

export { describeLedgerContract } from "./ledger-contract.ts";
export type { LedgerSetup, OpenLedger } from "./ledger-fixture.ts";

import { openSqliteLedger } from "../src/sqlite/index.ts";
import { describeLedgerContract } from "../src/testing/index.ts";
import { ledgerPath } from "./ledger-folder.ts";

describeLedgerContract("sqlite", (setup) => openSqliteLedger({ path: ledgerPath(), ...setup }));

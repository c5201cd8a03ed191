import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { BudgetProcessor, Policy } from "@tollgate/budget";
import type { Clock } from "@tollgate/core";
import type { Ledger } from "@tollgate/ledger";
import type { Pricer } from "@tollgate/pricing";
import type { Caller } from "../access/caller.ts";
import type { Reporter } from "../usage/reporter.ts";

/** What tools work with. */
export interface ToolParts {
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly budget: BudgetProcessor;
  readonly policies: () => readonly Policy[];
  readonly pricer: Pricer;
  readonly clock: Clock;
}

/** Adds one tool to a server that speaks for one caller. */
export type AddTool = (server: McpServer, parts: ToolParts, caller: Caller) => void;

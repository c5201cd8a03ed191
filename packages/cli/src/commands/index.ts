import type { AddCommand } from "../command.ts";
import { addMcp } from "./mcp.ts";
import { addServe } from "./serve.ts";
import { addToken } from "./token.ts";

/** All commands, a line each, in the order of the help. */
export const COMMANDS: readonly AddCommand[] = [addServe, addToken, addMcp];

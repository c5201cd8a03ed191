import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Caller } from "../access/caller.ts";
import type { ToolParts } from "./tool.ts";
import { TOOLS } from "./tools/index.ts";

const INSTRUCTIONS =
  "Tollgate keeps count of what language models cost. Check a budget before expensive work, and record tokens that you used where nothing else does.";

/** A server that speaks for one caller, to be connected to a transport. */
export function createMcpServer(parts: ToolParts, caller: Caller): McpServer {
  const server = new McpServer(
    { name: "tollgate", version: "1" },
    { instructions: INSTRUCTIONS, capabilities: { tools: {} } },
  );
  for (const add of TOOLS) add(server, parts, caller);
  return server;
}

import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { createNoopMeter } from "@opentelemetry/api";
import { systemClock } from "@tollgate/core";
import type { LoadedConfig } from "@tollgate/config";
import { ANYONE } from "../access/caller.ts";
import { openParts } from "../open-parts.ts";
import { createMcpServer } from "./create-mcp-server.ts";

/** MCP over a ledger and budgets, without a collector. */
export interface LocalMcp {
  /** To be connected to a transport; it may all that its user may with the files. */
  readonly server: McpServer;
  applyConfig(config: LoadedConfig): void;
  close(): Promise<void>;
}

/**
 * Opens the ledger and the budgets of a configuration, else of a data folder, for MCP. A collector may be at work on them.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` or `TOLLGATE_STORE_CORRUPT` when they cannot be opened.
 */
export async function openLocalMcp(config: LoadedConfig, dataFolder: string): Promise<LocalMcp> {
  const parts = await openParts({
    config,
    dataFolder,
    clock: systemClock,
    meter: createNoopMeter(),
    isAlone: false,
  });
  await parts.start();
  const server = createMcpServer(parts, ANYONE);
  return {
    server,
    applyConfig: parts.applyConfig,
    async close() {
      await server.close();
      await parts.close();
    },
  };
}

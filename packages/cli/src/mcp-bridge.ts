import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { diag } from "@opentelemetry/api";

export interface BridgeOptions {
  /** Of MCP over streamable HTTP. */
  readonly url: URL;
  readonly token: string | undefined;
}

/** JSON-RPC's own code for what went wrong on the other side. */
const INTERNAL_ERROR = -32_603;

/** Carries messages between standard input and output and a collector, until either ends or the signal aborts. */
export async function bridgeMcp(
  { url, token }: BridgeOptions,
  stop: Promise<unknown>,
): Promise<void> {
  const near = new StdioServerTransport();
  const far = new StreamableHTTPClientTransport(url, {
    requestInit: token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  });
  const ended = Promise.withResolvers<void>();
  /** The request that agrees on the protocol's version, which every later one names. */
  let initializing: string | number | undefined;

  function sendOn(message: JSONRPCMessage): void {
    if ("method" in message && message.method === "initialize" && "id" in message) {
      initializing = message.id;
    }
    far.send(message).catch(async (error: unknown) => {
      const why = describe(error, url);
      diag.error(`tollgate: ${why}`);
      if ("method" in message && "id" in message) {
        const failed = { code: INTERNAL_ERROR, message: why };
        await near.send({ jsonrpc: "2.0", id: message.id, error: failed });
      }
    });
  }
  function sendBack(message: JSONRPCMessage): void {
    const version = agreedVersion(message, initializing);
    if (version !== undefined) far.setProtocolVersion(version);
    void near.send(message);
  }
  Object.assign(near, {
    onmessage: sendOn,
    onclose: ended.resolve,
    onerror: (error: Error) => diag.warn("tollgate: standard input is no MCP", error),
  });
  Object.assign(far, {
    onmessage: sendBack,
    onerror: (error: Error) => diag.debug("tollgate: the collector's stream", error),
  });
  process.stdin.once("end", ended.resolve);

  await far.start();
  await near.start();
  await Promise.race([ended.promise, stop]);
  await near.close();
  await far.close();
}

function agreedVersion(
  message: JSONRPCMessage,
  initializing: string | number | undefined,
): string | undefined {
  if (!("result" in message) || message.id !== initializing) return undefined;
  const version = message.result["protocolVersion"];
  return typeof version === "string" ? version : undefined;
}

function describe(error: unknown, url: URL): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/\b401\b|unauthorized/i.test(message)) {
    return `the collector at ${url.origin} does not know this token; set TOLLGATE_TOKEN to one of tollgate token create`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
  return `the collector at ${url.origin} does not answer: ${message}${cause === "" ? "" : ` (${cause})`}`;
}

import { tmpdir } from "node:os";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, onTestFinished, test } from "vitest";
import { createToken, makeFolder, NODE_ARGS, run, SCRIPT, serve, start } from "./command.ts";

async function overStdio(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...NODE_ARGS, SCRIPT, "mcp", ...args],
      env,
      cwd: tmpdir(),
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

/** What an agent does: look around, say what it used, ask what it came to, ask what it may. */
async function useTools(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["record_token_event", "get_token_summary", "check_budget"]),
  );
  const recorded = await client.callTool({
    name: "record_token_event",
    arguments: { tokens_in: 1_000, tokens_out: 10, provider: "openai", model: "gpt-4o", task: "M" },
  });
  expect(recorded.structuredContent).toMatchObject({ status: "recorded", task: { events: 1 } });
  const summary = await client.callTool({
    name: "get_token_summary",
    arguments: { scope: "task", id: "M" },
  });
  expect(summary.structuredContent).toMatchObject({ tokens_in: 1_000, tokens_out: 10 });
  const checked = await client.callTool({
    name: "check_budget",
    arguments: { model: "gpt-4o", provider: "openai", tokens_in: 10, tokens_out: 10 },
  });
  expect(checked.structuredContent).toMatchObject({ action: "allow" });
}

test("MCP over stdio, on the files of a folder", async () => {
  await useTools(await overStdio(["--data", makeFolder()]));
});

test("MCP over stdio, carried to a collector with the token of the environment", async () => {
  const folder = makeFolder();
  const { token } = await createToken(folder, "--scope", "ingest,read");
  const { url } = await serve(folder);
  await useTools(await overStdio(["--url", url], { TOLLGATE_TOKEN: token }));
});

test("MCP over HTTP", async () => {
  const { url } = await serve(makeFolder());
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url)));
  onTestFinished(() => client.close());
  await useTools(client);
});

test("a collector that is not there is an answer to the request, and nothing else is printed", async () => {
  const bridge = start(["mcp", "--url", "http://127.0.0.1:1"]);
  bridge.write(`${JSON.stringify({ jsonrpc: "2.0", id: 7, method: "ping" })}\n`);
  await bridge.untilStdout(/\n/);
  bridge.endInput();
  const { code, stdout } = await bridge.exited;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    id: 7,
    error: { message: expect.stringContaining("http://127.0.0.1:1 does not answer") },
  });
});

test("ends when its input does", async () => {
  const { code, stdout } = await run(["mcp", "--data", makeFolder()]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});

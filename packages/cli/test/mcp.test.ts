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
async function useTools(client: Client): Promise<readonly unknown[]> {
  const call = async (name: string, args: Record<string, unknown>): Promise<unknown> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const model = { provider: "openai", model: "gpt-4o", tokens_in: 1_000, tokens_out: 10 };
  const { tools } = await client.listTools();
  return [
    tools.map(({ name }) => name),
    await call("record_token_event", { ...model, task: "M" }),
    await call("get_token_summary", { scope: "task", id: "M" }),
    await call("check_budget", model),
  ];
}

const USED: readonly unknown[] = [
  expect.arrayContaining(["record_token_event", "get_token_summary", "check_budget"]),
  expect.objectContaining({ status: "recorded", cost_nano_usd: 2_600_000 }),
  expect.objectContaining({ events: 1, tokens_in: 1_000, tokens_out: 10 }),
  expect.objectContaining({ action: "allow" }),
];

test("MCP over stdio, on the files of a folder", async () => {
  expect(await useTools(await overStdio(["--data", makeFolder()]))).toEqual(USED);
});

test("MCP over stdio, carried to a collector with the token of the environment", async () => {
  const folder = makeFolder();
  const { token } = await createToken(folder, "--scope", "ingest,read");
  const { url } = await serve(folder);
  expect(await useTools(await overStdio(["--url", url], { TOLLGATE_TOKEN: token }))).toEqual(USED);
});

test("MCP over HTTP", async () => {
  const { url } = await serve(makeFolder());
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url)));
  onTestFinished(() => client.close());
  expect(await useTools(client)).toEqual(USED);
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

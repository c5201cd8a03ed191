import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { createToken, makeFolder, SCRIPT, serve, start, type Env } from "./command.ts";

/** What an agent got that used all the tools it needs, by the official client. */
async function useTools(args: readonly string[], env: Env = {}): Promise<unknown> {
  const script = join(import.meta.dirname, "../apps/mcp-client.mjs");
  const { stdout, stderr } = await runNode({ script, args, env, cwd: tmpdir() }).exited;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const USED: readonly unknown[] = [
  expect.arrayContaining(["record_token_event", "get_token_summary", "check_budget"]),
  expect.objectContaining({ status: "recorded", cost_nano_usd: 2_600_000 }),
  expect.objectContaining({ events: 1, tokens_in: 1_000, tokens_out: 10 }),
  expect.objectContaining({ action: "allow" }),
];

test("MCP over stdio, on the files of a folder", async () => {
  expect(await useTools([SCRIPT, "mcp", "--data", makeFolder()])).toEqual(USED);
});

test("MCP over stdio, carried to a collector with the token of the environment", async () => {
  const folder = makeFolder();
  const { token } = await createToken(folder, "--scope", "ingest,read");
  const { url } = await serve(folder);
  const args = [SCRIPT, "mcp", "--url", url];
  expect(await useTools(args, { TOLLGATE_TOKEN: token })).toEqual(USED);
  await expect(useTools(args, { TOLLGATE_TOKEN: "" })).rejects.toThrow("does not know this token");
});

test("MCP over HTTP", async () => {
  const { url } = await serve(makeFolder());
  expect(await useTools([`${url}/mcp`])).toEqual(USED);
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

test("MCP ends when its input does", async () => {
  const command = start(["mcp", "--data", makeFolder()]);
  command.endInput();
  expect(await command.exited).toMatchObject({ code: 0, stdout: "" });
});

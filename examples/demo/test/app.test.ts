import { fileURLToPath } from "node:url";
import { runNode, startFakeProvider, type FakeProvider } from "@tollgate/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseResult } from "../src/agent-process.ts";
import { replyTo } from "../src/provider-script.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider({ respond: replyTo });
});
afterAll(() => provider.close());

function startApp(script: string): ReturnType<typeof runNode> {
  return runNode({
    script,
    cwd: folder,
    env: {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: "demo",
      ANTHROPIC_BASE_URL: provider.url,
      ANTHROPIC_API_KEY: "demo",
    },
  });
}

describe("the sample app, on its own", () => {
  it.each([
    ["app/planner.js", ["openai.chat", "openai.chat"]],
    ["app/researcher.js", ["anthropic.messages", "anthropic.messages"]],
    ["app/writer.js", ["openai.responses", "openai.chat"]],
  ])(
    "%s does its job in two calls and ends with its input",
    async (script, apis) => {
      const before = provider.requests.length;
      const app = startApp(script);
      app.write('{"id":1,"topic":"ferries"}\n');
      app.endInput();
      const { code, stdout, stderr } = await app.exited;
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ id: 1, ok: true, answer: expect.any(String) });
      expect(provider.requests.slice(before).map(({ api }) => api)).toEqual(apis);
    },
    20_000,
  );

  it("prints an API's error as the job's result and goes on", async () => {
    provider.enqueue({ status: 402, errorMessage: "not today" });
    const app = startApp("app/planner.js");
    app.write('{"id":1,"topic":"ferries"}\n{"id":2,"topic":"ferries"}\n');
    app.endInput();
    const lines = (await app.exited).stdout.trim().split("\n");
    expect(lines.map((line) => parseResult(line))).toEqual([
      { id: 1, result: { ok: false, status: 402, error: "402 not today" } },
      { id: 2, result: { ok: true } },
    ]);
  }, 20_000);
});

describe("parseResult", () => {
  it("passes over lines that are no result", () => {
    expect(["hello", "[]", "{}", '{"id":"1","ok":true}'].map(parseResult)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

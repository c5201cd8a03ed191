import { expect, test } from "vitest";
import { dialectOfPoint, type PointRecord, type Sighting } from "../../src/index.ts";
import { origin, point } from "./records.ts";

function readPoint(told: PointRecord, amount: number): Sighting | undefined {
  return dialectOfPoint(told)?.readPoint?.(told, amount);
}

const CLAUDE = origin("com.anthropic.claude_code.events", { "service.name": "claude-code" });
const GEMINI = origin("gemini-cli", { "service.name": "gemini-cli" });
test("Claude Code: each kind of token of its metric stands alone", () => {
  const kinds = ["input", "output", "cacheRead", "cacheCreation"].map((type) =>
    readPoint(
      point(
        "claude_code.token.usage",
        { type, model: "claude-opus-5", "session.id": "s-1" },
        { origin: CLAUDE },
      ),
      10,
    ),
  );
  expect(kinds.map((seen) => seen?.usage)).toEqual([
    { inputTokens: 10, outputTokens: 0 },
    { inputTokens: 0, outputTokens: 10 },
    { inputTokens: 10, outputTokens: 0, cacheReadTokens: 10 },
    { inputTokens: 10, outputTokens: 0, cacheWriteTokens: 10 },
  ]);
  expect(kinds[0]).toMatchObject({
    addedUp: true,
    requestModel: "claude-opus-5",
    provider: "anthropic",
    sender: "s-1",
    attribution: { session: "s-1" },
  });
});

test("Claude Code: its metric of cost is known and not read, since the tokens are priced", () => {
  const cost = point("claude_code.cost.usage", { model: "claude-opus-5" }, { origin: CLAUDE });
  expect(dialectOfPoint(cost)?.id).toBe("claude-code");
  expect(readPoint(cost, 0.5)).toBeUndefined();
});

test("Gemini CLI: kinds of its metric that are parts of others count nothing", () => {
  const usage = ["input", "output", "thought", "tool", "cache"].map(
    (type) =>
      readPoint(
        point("gemini_cli.token.usage", { type, model: "gemini-3-pro" }, { origin: GEMINI }),
        5,
      )?.usage,
  );
  expect(usage).toEqual([
    { inputTokens: 5, outputTokens: 0 },
    { inputTokens: 0, outputTokens: 5 },
    { inputTokens: 0, outputTokens: 5, reasoningTokens: 5 },
    { inputTokens: 5, outputTokens: 0, toolUseInputTokens: 5 },
    undefined,
  ]);
});

test("GenAI's counters count input and output; their parts are not told apart", () => {
  const attributes = { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5" };
  const usage = ["input_tokens", "output_tokens", "cache_read.input_tokens"].map(
    (name) => readPoint(point(`gen_ai.client.inference.usage.${name}`, attributes), 7)?.usage,
  );
  expect(usage).toEqual([
    { inputTokens: 7, outputTokens: 0 },
    { inputTokens: 0, outputTokens: 7 },
    undefined,
  ]);
});

function histogram(more: Readonly<Record<string, string>>): Sighting | undefined {
  const attributes = { "gen_ai.system": "openai", "gen_ai.token.type": "input", ...more };
  return readPoint(point("gen_ai.client.token.usage", attributes, { kind: "histogram" }), 7);
}

test("the old histogram of tokens counts by its type, and not those of agents", () => {
  expect(histogram({})?.usage).toEqual({ inputTokens: 7, outputTokens: 0 });
  expect(histogram({ "gen_ai.token.type": "output" })?.usage).toEqual({
    inputTokens: 0,
    outputTokens: 7,
  });
  expect(histogram({ "gen_ai.operation.name": "invoke_agent" })).toBeUndefined();
});

test("our own metrics are known and never read: they add up calls that are told", () => {
  const own = point(
    "gen_ai.client.inference.usage.input_tokens",
    { "gen_ai.provider.name": "openai" },
    { origin: origin("@tollgate/instrumentation") },
  );
  expect(dialectOfPoint(own)?.id).toBe("instrumentation");
  expect(readPoint(own, 7)).toBeUndefined();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("an amount of %s is none", (amount) => {
  const told = point("claude_code.token.usage", { type: "input" }, { origin: CLAUDE });
  expect(readPoint(told, amount)).toBeUndefined();
});

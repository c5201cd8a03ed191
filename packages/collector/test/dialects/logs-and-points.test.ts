import { expect, test } from "vitest";
import {
  dialectOfLog,
  dialectOfPoint,
  type LogRecord,
  type PointRecord,
  type Sighting,
} from "../../src/index.ts";
import { log, origin, point, START_MS } from "./records.ts";

function readLog(told: LogRecord): { dialect: string | undefined; seen: Sighting | undefined } {
  const found = dialectOfLog(told);
  return { dialect: found?.id, seen: found?.readLog?.(told) };
}

function readPoint(told: PointRecord, amount: number): Sighting | undefined {
  return dialectOfPoint(told)?.readPoint?.(told, amount);
}

const CLAUDE = origin("com.anthropic.claude_code.events", { "service.name": "claude-code" });
const GEMINI = origin("gemini-cli", { "service.name": "gemini-cli" });
const CODEX = origin("codex_otel", { "service.name": "codex_cli_rs" });

const API_REQUEST = {
  "event.name": "api_request",
  "event.sequence": 7,
  model: "claude-opus-5",
  input_tokens: 2,
  output_tokens: 100,
  cache_read_tokens: 5_000,
  cache_creation_tokens: 400,
  cost_usd: 0.0062,
  duration_ms: 2_500,
  "session.id": "s-1",
  "user.email": "ann@acme.com",
  "organization.id": "org-1",
};

test("Claude Code: a request, its input without what caches served and were written", () => {
  expect(readLog(log(API_REQUEST, { origin: CLAUDE }))).toMatchObject({
    dialect: "claude-code",
    seen: {
      provider: "anthropic",
      requestModel: "claude-opus-5",
      usage: {
        inputTokens: 5_402,
        outputTokens: 100,
        cacheReadTokens: 5_000,
        cacheWriteTokens: 400,
      },
      costNanoUsd: 6_200_000,
      priceSource: "sender",
      timeMs: START_MS - 2_500,
      durationMs: 2_500,
      sender: "s-1",
      attribution: { session: "s-1", user: "ann@acme.com", organization: "org-1" },
    },
  });
});

test("Claude Code: all values may be strings", () => {
  const asText = Object.fromEntries(
    Object.entries(API_REQUEST).map(([name, value]) => [name, String(value)]),
  );
  expect(readLog(log(asText, { origin: CLAUDE })).seen?.usage).toEqual(
    readLog(log(API_REQUEST, { origin: CLAUDE })).seen?.usage,
  );
});

test("Claude Code: the request id is the key, else the number of the event in its session", () => {
  const numbered = readLog(log(API_REQUEST, { origin: CLAUDE })).seen;
  expect(numbered?.key).toBe(readLog(log(API_REQUEST, { origin: CLAUDE })).seen?.key);
  const next = readLog(log({ ...API_REQUEST, "event.sequence": 8 }, { origin: CLAUDE })).seen;
  expect(next?.key).not.toBe(numbered?.key);
  const named = log({ ...API_REQUEST, request_id: "req_1" }, { origin: CLAUDE });
  expect(readLog(named).seen?.key).toBe("req_1");
});

test("Claude Code: a request that failed", () => {
  const failed = log(
    { "event.name": "api_error", model: "claude-opus-5", status_code: 529, "session.id": "s-1" },
    { origin: CLAUDE },
  );
  expect(readLog(failed).seen).toMatchObject({
    outcome: "error",
    errorType: "529",
    usage: undefined,
  });
});

test("Claude Code: what its tools did is no call", () => {
  expect(readLog(log({ "event.name": "tool_result" }, { origin: CLAUDE }))).toEqual({
    dialect: "claude-code",
    seen: undefined,
  });
});

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

const COMPLETED = {
  "event.name": "codex.sse_event",
  "event.kind": "response.completed",
  "event.timestamp": "2026-11-29T12:00:00.000Z",
  "conversation.id": "c-1",
  model: "gpt-5-codex",
  input_token_count: "12000",
  output_token_count: "800",
  cached_token_count: 9_000,
  reasoning_token_count: 500,
  tool_token_count: "12800",
  "user.email": "ann@acme.com",
};

test("Codex: a completed answer, whose event has the name of a place in the source", () => {
  const told = log(COMPLETED, {
    origin: CODEX,
    eventName: "event codex-rs/otel/src/events/session_telemetry.rs:900",
  });
  expect(readLog(told)).toMatchObject({
    dialect: "codex",
    seen: {
      provider: "openai",
      requestModel: "gpt-5-codex",
      usage: {
        inputTokens: 12_000,
        outputTokens: 800,
        cacheReadTokens: 9_000,
        reasoningTokens: 500,
      },
      streaming: true,
      sender: "c-1",
      attribution: { session: "c-1", user: "ann@acme.com" },
    },
  });
});

test("Codex: the same record has the same key, another time another", () => {
  const [first, again, later] = [
    COMPLETED,
    COMPLETED,
    { ...COMPLETED, "event.timestamp": "2026-11-29T12:00:01.000Z" },
  ].map((attributes) => readLog(log(attributes, { origin: CODEX })).seen?.key);
  expect(again).toBe(first);
  expect(later).not.toBe(first);
});

test("Codex: an answer that failed, and a piece of one", () => {
  const failed = { ...COMPLETED, "event.kind": "response.failed", input_token_count: undefined };
  expect(readLog(log(failed, { origin: CODEX })).seen?.outcome).toBe("error");
  const piece = { ...COMPLETED, "event.kind": "response.output_text.delta" };
  expect(readLog(log(piece, { origin: CODEX })).seen).toBeUndefined();
});

test("Gemini CLI: thoughts and the prompts of tools are added, what was cached is not", () => {
  const told = log(
    {
      "event.name": "gemini_cli.api_response",
      "event.timestamp": "2026-11-29T12:00:00.000Z",
      model: "gemini-3-pro",
      input_token_count: 1_000,
      output_token_count: 50,
      cached_content_token_count: 800,
      thoughts_token_count: 200,
      tool_token_count: 30,
      total_token_count: 1_280,
      duration_ms: 1_500,
      prompt_id: "p-1",
      auth_type: "vertex-ai",
      finish_reasons: ["STOP"],
      "session.id": "s-1",
    },
    { origin: GEMINI },
  );
  expect(readLog(told)).toMatchObject({
    dialect: "gemini-cli",
    seen: {
      provider: "gcp.vertex_ai",
      usage: {
        inputTokens: 1_030,
        outputTokens: 250,
        cacheReadTokens: 800,
        reasoningTokens: 200,
        toolUseInputTokens: 30,
      },
      finishReasons: ["STOP"],
      durationMs: 1_500,
      sender: "s-1",
    },
  });
});

test("Gemini CLI: its event in GenAI's names repeats the other and is not read", () => {
  const told = log(
    { "event.name": "gen_ai.client.inference.operation.details", "gen_ai.usage.input_tokens": 1 },
    { origin: GEMINI },
  );
  expect(readLog(told)).toEqual({ dialect: "gemini-cli", seen: undefined });
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

test("GenAI's event of an inference, where a sender writes no spans", () => {
  const told = log(
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
      "error.type": "timeout",
    },
    { eventName: "gen_ai.client.inference.operation.details" },
  );
  expect(readLog(told)).toMatchObject({
    dialect: "otel-genai",
    seen: { usage: { inputTokens: 10, outputTokens: 5 }, outcome: "error", errorType: "timeout" },
  });
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

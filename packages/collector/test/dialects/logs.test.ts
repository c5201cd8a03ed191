import { expect, test } from "vitest";
import { dialectOfLog, type LogRecord, type Sighting } from "../../src/index.ts";
import { log, origin, START_MS } from "./records.ts";

function readLog(told: LogRecord): { dialect: string | undefined; seen: Sighting | undefined } {
  const found = dialectOfLog(told);
  return { dialect: found?.id, seen: found?.readLog?.(told) };
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

test("Codex: the event of the stream that ends an answer is told of beside its counts, and is no call", () => {
  const { "event.name": name, "event.kind": kind, model, "conversation.id": id } = COMPLETED;
  const ended = { "event.name": name, "event.kind": kind, model, "conversation.id": id };
  const told = log({ ...ended, duration_ms: "0" }, { origin: CODEX });
  expect(readLog(told).seen).toBeUndefined();
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

test.each(["litellm", "openlit.otel.events"])(
  "events of %s repeat its spans and are not read",
  (scope) => {
    const told = log(
      { "gen_ai.provider.name": "openai", "gen_ai.usage.input_tokens": 10 },
      { origin: origin(scope), eventName: "gen_ai.client.inference.operation.details" },
    );
    expect(readLog(told).seen).toBeUndefined();
    expect(readLog(told).dialect).not.toBe("otel-genai");
  },
);

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeProvider, type FakeProvider } from "../src/index.ts";
import { at, CHAT, post, readEvents } from "./wire.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

describe("an answer as JSON", () => {
  it("has the members that the real API sends", async () => {
    provider.enqueue({ text: "A fee.", usage: { inputTokens: 11, outputTokens: 2 } });
    const response = await post(provider, CHAT);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    const body: unknown = await response.json();
    expect(body).toMatchObject({
      object: "chat.completion",
      model: "gpt-5-mini",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "A fee.", refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 11,
        completion_tokens: 2,
        total_tokens: 13,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: "default",
    });
    expect(at(body, "id")).toMatch(/^chatcmpl-/);
  });

  it("counts cached and reasoning tokens inside the totals", async () => {
    provider.enqueue({
      usage: { inputTokens: 2000, outputTokens: 300, cacheReadTokens: 1536, reasoningTokens: 256 },
    });
    const body: unknown = await (await post(provider, CHAT)).json();
    expect(at(body, "usage", "prompt_tokens")).toBe(2000);
    expect(at(body, "usage", "prompt_tokens_details", "cached_tokens")).toBe(1536);
    expect(at(body, "usage", "completion_tokens")).toBe(300);
    expect(at(body, "usage", "completion_tokens_details", "reasoning_tokens")).toBe(256);
  });

  it("asks for tool calls with arguments as text and no content", async () => {
    provider.enqueue({ toolCalls: [{ name: "look_up", arguments: { word: "toll" } }] });
    const body: unknown = await (await post(provider, CHAT)).json();
    expect(at(body, "choices", 0)).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: null,
        tool_calls: [
          {
            id: expect.stringMatching(/^call_/),
            type: "function",
            function: { name: "look_up", arguments: '{"word":"toll"}' },
          },
        ],
      },
    });
  });

  it("gives as many choices as n asks for", async () => {
    const body: unknown = await (await post(provider, CHAT, { n: 3 })).json();
    expect(at(body, "choices")).toHaveLength(3);
    expect(at(body, "choices", 2, "index")).toBe(2);
  });

  it("derives counts from lengths, four characters to a token", async () => {
    provider.enqueue({ text: "x".repeat(40) });
    const messages = [{ role: "user", content: "y".repeat(396) }];
    const body: unknown = await (await post(provider, CHAT, { messages })).json();
    // The role is text too: 4 + 396 characters.
    expect(at(body, "usage", "prompt_tokens")).toBe(100);
    expect(at(body, "usage", "completion_tokens")).toBe(10);
  });

  it("is cut at the request's limit and says so", async () => {
    provider.enqueue({ text: "x".repeat(400) });
    const body: unknown = await (await post(provider, CHAT, { max_completion_tokens: 10 })).json();
    expect(at(body, "choices", 0, "message", "content")).toBe("x".repeat(40));
    expect(at(body, "choices", 0, "finish_reason")).toBe("length");
    expect(at(body, "usage", "completion_tokens")).toBe(10);
  });

  it("overruns the request's limit when the script bills more", async () => {
    provider.enqueue({ text: "x".repeat(400), usage: { outputTokens: 100 } });
    const body: unknown = await (await post(provider, CHAT, { max_tokens: 10 })).json();
    expect(at(body, "usage", "completion_tokens")).toBe(100);
    expect(at(body, "choices", 0, "finish_reason")).toBe("stop");
  });

  it("leaves usage out when the script says so", async () => {
    provider.enqueue({ usageAbsent: true });
    expect(await (await post(provider, CHAT)).json()).not.toHaveProperty("usage");
  });
});

describe("a stream", () => {
  it("opens with the role, sends pieces, a finish reason and [DONE]", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], model: "gpt-5-mini-2025-08-07" });
    const response = await post(provider, CHAT, { stream: true });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = await readEvents(response);
    expect(events.map(({ event }) => event)).toEqual(events.map(() => undefined));
    expect(events.map(({ data }) => at(data, "choices", 0, "delta"))).toEqual([
      { role: "assistant", content: "", refusal: null },
      { content: "A " },
      { content: "fee." },
      {},
      undefined,
    ]);
    expect(events.map(({ data }) => at(data, "choices", 0, "finish_reason"))).toEqual([
      null,
      null,
      null,
      "stop",
      undefined,
    ]);
    expect(events.at(-1)?.data).toEqual({ done: true });
    expect(events[0]?.data).toMatchObject({
      object: "chat.completion.chunk",
      model: "gpt-5-mini-2025-08-07",
      id: events[1]?.data["id"],
    });
  });

  it("says nothing of usage unless asked", async () => {
    const text = await (await post(provider, CHAT, { stream: true })).text();
    expect(text).not.toContain('"usage"');
  });

  it("sends usage in a final chunk without choices when asked, and null before", async () => {
    provider.enqueue({ usage: { inputTokens: 7, outputTokens: 3 } });
    const events = await readEvents(
      await post(provider, CHAT, { stream: true, stream_options: { include_usage: true } }),
    );
    const last = events.at(-2)?.data;
    expect(last?.["choices"]).toEqual([]);
    expect(last?.["usage"]).toMatchObject({ prompt_tokens: 7, completion_tokens: 3 });
    for (const { data } of events.slice(0, -2)) expect(data["usage"]).toBeNull();
  });

  it("pads events unless asked not to", async () => {
    const padded = await readEvents(await post(provider, CHAT, { stream: true }));
    expect(padded[0]?.data).toHaveProperty("obfuscation");
    const options = { stream: true, stream_options: { include_obfuscation: false } };
    const plain = await readEvents(await post(provider, CHAT, options));
    expect(plain[0]?.data).not.toHaveProperty("obfuscation");
  });

  it("sends a call's name first and its arguments in pieces", async () => {
    const tool = { name: "look_up", arguments: { word: "toll", language: "en" }, id: "call_7" };
    provider.enqueue({ toolCalls: [tool, { name: "rest" }] });
    const events = await readEvents(await post(provider, CHAT, { stream: true }));
    const deltas = events.flatMap(({ data }) => {
      const calls = at(data, "choices", 0, "delta", "tool_calls");
      return Array.isArray(calls) ? calls : [];
    });
    expect(deltas[0]).toEqual({
      index: 0,
      id: "call_7",
      type: "function",
      function: { name: "look_up", arguments: "" },
    });
    const first = deltas.filter((delta) => at(delta, "index") === 0);
    expect(first.length).toBeGreaterThan(3);
    expect(first.map((delta) => at(delta, "function", "arguments")).join("")).toBe(
      '{"word":"toll","language":"en"}',
    );
    expect(deltas.some((delta) => at(delta, "index") === 1)).toBe(true);
    expect(at(events.at(-2)?.data, "choices", 0, "finish_reason")).toBe("tool_calls");
  });
});

describe("errors", () => {
  it.each([
    [400, "invalid_request_error", null],
    [401, "invalid_request_error", "invalid_api_key"],
    [404, "invalid_request_error", "model_not_found"],
    [429, "requests", "rate_limit_exceeded"],
    [500, "server_error", null],
  ])("a %i has OpenAI's shape", async (status, type, code) => {
    provider.enqueue({ status });
    const response = await post(provider, CHAT);
    expect(response.status).toBe(status);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type, param: null, code },
    });
  });

  it("carries retry-after and the script's own words", async () => {
    provider.enqueue({
      status: 429,
      retryAfterSeconds: 20,
      errorType: "insufficient_quota",
      errorCode: "insufficient_quota",
      errorMessage: "You exceeded your current quota.",
    });
    const response = await post(provider, CHAT);
    expect(response.headers.get("retry-after")).toBe("20");
    expect(await response.json()).toEqual({
      error: {
        message: "You exceeded your current quota.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_quota",
      },
    });
  });

  it("breaks a stream with an error event and no [DONE]", async () => {
    provider.enqueue({ chunks: ["a", "b", "c"], failAfterChunks: 2 });
    const events = await readEvents(await post(provider, CHAT, { stream: true }));
    expect(events.map(({ data }) => at(data, "choices", 0, "delta", "content"))).toEqual([
      "",
      "a",
      "b",
      undefined,
    ]);
    expect(at(events.at(-1)?.data, "error", "type")).toBe("server_error");
  });

  it("a request without a model is refused", async () => {
    const response = await post(provider, CHAT, { model: undefined });
    expect(response.status).toBe(400);
    expect(at(await response.json(), "error", "message")).toBe(
      "you must provide a model parameter",
    );
  });
});

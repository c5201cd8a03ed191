import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeProvider, type FakeProvider } from "../src/index.ts";
import { at, joinTexts, MESSAGES, post, readEvents } from "./wire.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

describe("an answer as JSON", () => {
  it("counts cached input apart and splits cache writes by lifetime", async () => {
    provider.enqueue({
      text: "A fee.",
      usage: {
        inputTokens: 10_000,
        outputTokens: 7,
        cacheReadTokens: 6000,
        cacheWriteTokens: 3000,
        cacheWrite1hTokens: 1000,
      },
    });
    const response = await post(provider, MESSAGES);
    expect(response.headers.get("request-id")).toMatch(/^req_/);
    expect(await response.json()).toEqual({
      model: "claude-haiku-4-5",
      id: expect.stringMatching(/^msg_/),
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "A fee." }],
      stop_reason: "end_turn",
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 1000,
        cache_creation_input_tokens: 3000,
        cache_read_input_tokens: 6000,
        cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 1000 },
        output_tokens: 7,
        service_tier: "standard",
        inference_geo: "not_available",
      },
    });
  });

  it("gives a tool's input as an object", async () => {
    provider.enqueue({
      text: "Let me see.",
      toolCalls: [{ name: "look_up", arguments: { n: 1 } }],
    });
    const body: unknown = await (await post(provider, MESSAGES)).json();
    expect(at(body, "stop_reason")).toBe("tool_use");
    expect(at(body, "content")).toEqual([
      { type: "text", text: "Let me see." },
      {
        type: "tool_use",
        id: expect.stringMatching(/^toolu_/),
        name: "look_up",
        input: { n: 1 },
      },
    ]);
  });

  it("is cut at max_tokens and says so", async () => {
    provider.enqueue({ text: "x".repeat(400) });
    const body: unknown = await (await post(provider, MESSAGES, { max_tokens: 5 })).json();
    expect(at(body, "stop_reason")).toBe("max_tokens");
    expect(at(body, "usage", "output_tokens")).toBe(5);
  });

  it("shows billed reasoning as a thinking block and reports web searches", async () => {
    provider.enqueue({ usage: { reasoningTokens: 50, webSearchRequests: 2 } });
    const body: unknown = await (await post(provider, MESSAGES)).json();
    expect(at(body, "content", 0, "type")).toBe("thinking");
    expect(at(body, "usage", "output_tokens_details")).toEqual({ thinking_tokens: 50 });
    expect(at(body, "usage", "server_tool_use")).toEqual({ web_search_requests: 2 });
  });
});

describe("a stream", () => {
  it("starts with the input counts and ends with the whole usage", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], usage: { inputTokens: 20, outputTokens: 9 } });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    expect(events.map(({ event }) => event)).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(at(events[0]?.data, "message", "usage")).toMatchObject({
      input_tokens: 20,
      output_tokens: 1,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    });
    expect(at(events[0]?.data, "message", "content")).toEqual([]);
    expect(events.at(-2)?.data).toEqual({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null },
      usage: {
        input_tokens: 20,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 9,
      },
    });
  });

  it("sends a tool's input as pieces of JSON in a block of its own", async () => {
    provider.enqueue({
      text: "Hm.",
      toolCalls: [{ name: "look_up", arguments: { word: "toll" } }],
    });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    const starts = events.filter(({ event }) => event === "content_block_start");
    expect(starts.map(({ data }) => data["index"])).toEqual([0, 1]);
    expect(at(starts[1]?.data, "content_block")).toMatchObject({ type: "tool_use", input: {} });
    const json = events
      .filter(({ data }) => data["index"] === 1)
      .map(({ data }) => at(data, "delta", "partial_json"));
    expect(joinTexts(json)).toBe('{"word":"toll"}');
  });

  it("closes a thinking block with its signature", async () => {
    provider.enqueue({ reasoning: "Tolls are old." });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    const deltas = events
      .filter(({ data }) => data["index"] === 0)
      .map(({ data }) => data["delta"]);
    expect(deltas).toEqual([
      undefined,
      { type: "thinking_delta", thinking: "Tolls are old." },
      { type: "signature_delta", signature: expect.any(String) },
      undefined,
    ]);
  });

  it("breaks with an error event", async () => {
    provider.enqueue({
      chunks: ["a", "b"],
      failAfterChunks: 1,
      errorType: "overloaded_error",
      errorMessage: "Overloaded",
    });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    expect(events.at(-1)).toEqual({
      event: "error",
      data: {
        type: "error",
        error: { details: null, type: "overloaded_error", message: "Overloaded" },
        request_id: expect.stringMatching(/^req_/),
      },
    });
  });
});

describe("errors", () => {
  it.each([
    [400, "invalid_request_error"],
    [401, "authentication_error"],
    [404, "not_found_error"],
    [429, "rate_limit_error"],
    [500, "api_error"],
    [529, "overloaded_error"],
  ])("a %i has Anthropic's shape", async (status, type) => {
    provider.enqueue({ status });
    const response = await post(provider, MESSAGES);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      type: "error",
      error: { details: null, type, message: expect.any(String) },
      request_id: response.headers.get("request-id"),
    });
  });

  it("a request without max_tokens is refused", async () => {
    const response = await post(provider, MESSAGES, { max_tokens: undefined });
    expect(response.status).toBe(400);
    expect(at(await response.json(), "error", "message")).toBe("max_tokens: Field required");
  });
});

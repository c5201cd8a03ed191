import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeProvider, type FakeProvider } from "../src/index.ts";
import { at, post, readEvents, RESPONSES } from "./wire.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

describe("an answer as JSON", () => {
  it("has the members that the real API sends", async () => {
    provider.enqueue({
      text: "A fee.",
      usage: { inputTokens: 44, outputTokens: 4, cacheReadTokens: 13 },
    });
    const response = await post(provider, RESPONSES, { instructions: "Be brief.", store: false });
    const body: unknown = await response.json();
    expect(body).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: "response",
      status: "completed",
      error: null,
      incomplete_details: null,
      instructions: "Be brief.",
      store: false,
      model: "gpt-5-mini",
      output: [
        {
          id: expect.stringMatching(/^msg_/),
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", annotations: [], text: "A fee." }],
        },
      ],
      usage: {
        input_tokens: 44,
        input_tokens_details: { cached_tokens: 13, cache_write_tokens: 0 },
        output_tokens: 4,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 48,
      },
    });
  });

  it("puts reasoning before the message and counts it as output", async () => {
    provider.enqueue({ usage: { outputTokens: 100, reasoningTokens: 64 } });
    const body: unknown = await (await post(provider, RESPONSES)).json();
    expect(at(body, "output", 0, "type")).toBe("reasoning");
    expect(at(body, "output", 1, "type")).toBe("message");
    expect(at(body, "usage", "output_tokens")).toBe(100);
    expect(at(body, "usage", "output_tokens_details", "reasoning_tokens")).toBe(64);
  });

  it("is incomplete when the request's limit cuts it", async () => {
    provider.enqueue({ text: "x".repeat(400) });
    const body: unknown = await (await post(provider, RESPONSES, { max_output_tokens: 16 })).json();
    expect(at(body, "status")).toBe("incomplete");
    expect(at(body, "incomplete_details")).toEqual({ reason: "max_output_tokens" });
    expect(at(body, "usage", "output_tokens")).toBe(16);
  });
});

describe("a stream", () => {
  it("goes from created to completed with growing sequence numbers", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], usage: { inputTokens: 9, outputTokens: 3 } });
    const events = await readEvents(await post(provider, RESPONSES, { stream: true }));
    expect(events.map(({ event }) => event)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map(({ data }) => data["sequence_number"])).toEqual(
      events.map((_, index) => index),
    );
    for (const { event, data } of events) expect(data["type"]).toBe(event);
    expect(events[0]?.data["response"]).toMatchObject({
      status: "in_progress",
      output: [],
      usage: null,
    });
    const last = events.at(-1)?.data["response"];
    expect(last).toMatchObject({ status: "completed", usage: { input_tokens: 9 } });
    expect(at(last, "id")).toBe(at(events[0]?.data, "response", "id"));
    expect(at(last, "output", 0, "content", 0, "text")).toBe("A fee.");
  });

  it("sends a function call's arguments in pieces", async () => {
    provider.enqueue({ toolCalls: [{ name: "look_up", arguments: { word: "toll" } }] });
    const events = await readEvents(await post(provider, RESPONSES, { stream: true }));
    const deltas = events.filter(({ event }) => event === "response.function_call_arguments.delta");
    expect(deltas.map(({ data }) => data["delta"]).join("")).toBe('{"word":"toll"}');
    expect(at(events.at(-1)?.data, "response", "output", 0)).toMatchObject({
      type: "function_call",
      name: "look_up",
      call_id: expect.stringMatching(/^call_/),
      arguments: '{"word":"toll"}',
    });
  });

  it("ends with response.incomplete when the request's limit cuts it", async () => {
    provider.enqueue({ text: "x".repeat(400) });
    const ask = { stream: true, max_output_tokens: 16 };
    const events = await readEvents(await post(provider, RESPONSES, ask));
    expect(events.at(-1)?.event).toBe("response.incomplete");
  });

  it("breaks with an error event and response.failed", async () => {
    provider.enqueue({ chunks: ["a", "b"], failAfterChunks: 1, errorType: "insufficient_quota" });
    const events = await readEvents(await post(provider, RESPONSES, { stream: true }));
    const [error, failed] = events.slice(-2);
    expect(error?.event).toBe("error");
    expect(at(error?.data, "error", "type")).toBe("insufficient_quota");
    expect(failed?.event).toBe("response.failed");
    expect(at(failed?.data, "response", "status")).toBe("failed");
    expect(at(failed?.data, "response", "usage")).toBeNull();
    expect(at(failed?.data, "sequence_number")).toBe(events.length - 1);
    expect(at(failed?.data, "response", "id")).toBe(at(events[0]?.data, "response", "id"));
  });
});

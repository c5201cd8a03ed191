import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRealtimeSession, matchRealtime, type RealtimeSession } from "../src/index.ts";

const open = (model?: string): RealtimeSession =>
  createRealtimeSession(model, { provider: "openai", header: () => undefined });

describe("a WebSocket's URL", () => {
  it.each([
    ["wss://api.openai.com/v1/realtime?model=gpt-realtime", "openai", "gpt-realtime"],
    ["wss://api.openai.com/v1/realtime?call_id=rtc_1", "openai", undefined],
    ["wss://eu.api.openai.com/v1/realtime?intent=transcription", "openai", undefined],
    ["wss://x.openai.azure.com/openai/v1/realtime?model=mine", "azure.ai.openai", "mine"],
    [
      "wss://x.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=mine",
      "azure.ai.openai",
      "mine",
    ],
    ["wss://x.cognitiveservices.azure.com/voice-live/realtime?model=m", "azure.ai.openai", "m"],
    ["wss://api.x.ai/v1/realtime?model=grok-voice-latest", "x_ai", "grok-voice-latest"],
    ["ws://localhost:4000/v1/realtime?model=gpt-realtime", "openai", "gpt-realtime"],
  ])("is a realtime session: %s", (url, provider, model) => {
    const matched = matchRealtime(url);
    expect(matched?.match.provider).toBe(provider);
    expect(matched?.model).toBe(model);
  });

  it.each([
    "wss://example.com/v1/realtime?model=gpt-realtime",
    "wss://api.openai.com/v1/responses",
    "wss://api.openai.com/v1/realtime/translations?model=m",
    "ws://localhost:4000/v1/realtime",
    "ws://localhost:4000/socket/realtime?model=x",
    "wss://project.supabase.co/realtime/v1/websocket",
    "ftp://api.openai.com/v1/realtime?model=x",
    "/v1/realtime?model=x",
    "",
  ])("is somebody else's: %s", (url) => {
    expect(matchRealtime(url)).toBeUndefined();
  });

  it("is what a configured endpoint says, whatever stands before the last part", () => {
    const endpoints = [{ host: "voice.example.com", provider: "azure.ai.openai" }];
    const matched = matchRealtime("wss://voice.example.com:8443/proxy/realtime", endpoints);
    expect(matched?.match).toMatchObject({
      provider: "azure.ai.openai",
      serverAddress: "voice.example.com",
      serverPort: 8443,
    });
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (url) => {
        matchRealtime(`wss://${url}/realtime`);
      }),
    );
  });
});

const USAGE = {
  total_tokens: 253,
  input_tokens: 132,
  output_tokens: 121,
  input_token_details: {
    text_tokens: 119,
    audio_tokens: 13,
    image_tokens: 0,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 60, audio_tokens: 4, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 91 },
};

function done(response: object): string {
  return JSON.stringify({ event_id: "event_1", type: "response.done", response });
}

describe("a realtime session", () => {
  it("takes all counts from response.done, cached speech apart", () => {
    const news = open().received(done({ id: "resp_1", status: "completed", usage: USAGE }));
    expect(news).toMatchObject({
      kind: "ended",
      responseId: "resp_1",
      cancelled: false,
      facts: {
        complete: true,
        finishReasons: ["completed"],
        usage: {
          inputTokens: 132,
          outputTokens: 121,
          cacheReadTokens: 64,
          audioInputTokens: 13,
          audioCacheReadTokens: 4,
          audioOutputTokens: 91,
        },
      },
    });
  });

  it("says why a response ended early", () => {
    const cancelled = { status: "cancelled", status_details: { reason: "turn_detected" } };
    expect(open().received(done(cancelled))).toMatchObject({
      cancelled: true,
      facts: { finishReasons: ["turn_detected"], errorType: undefined },
    });
    const error = { type: "server_error", code: "rate_limit_exceeded" };
    expect(open().received(done({ status: "failed", status_details: { error } }))).toMatchObject({
      facts: { errorType: "rate_limit_exceeded" },
    });
  });

  it("knows its model from the session where the URL names none", () => {
    const session = open();
    session.received('{"type":"session.created","session":{"model":"gpt-realtime-2025-08-28"}}');
    expect(session.responseRequest().model).toBe("gpt-realtime-2025-08-28");
    expect(session.received(done({}))).toMatchObject({
      facts: { model: "gpt-realtime-2025-08-28" },
    });
  });

  it("expects of the next response what the last one left, and what came since", () => {
    const session = open("gpt-realtime");
    session.received(done({ id: "resp_1", usage: USAGE }));
    expect(session.responseRequest().bodyBytes).toBe(4 * 253);
    // Three seconds of 16 bits at 24 kHz are 30 tokens.
    session.sent(`{"type":"input_audio_buffer.append","audio":"${"A".repeat(3 * 64_000)}"}`);
    expect(session.responseRequest().bodyBytes).toBe(4 * (253 + 30));
    session.received('{"type":"input_audio_buffer.committed","item_id":"item_1"}');
    expect(session.responseRequest().bodyBytes).toBe(4 * (253 + 30));
    session.received(done({ id: "resp_2", usage: USAGE }));
    expect(session.responseRequest().bodyBytes).toBe(4 * 253);
  });

  it("counts telephone sound by its own rate", () => {
    const session = open();
    const audio = { input: { format: { type: "audio/pcmu" } } };
    session.received(JSON.stringify({ type: "session.updated", session: { audio } }));
    session.sent(`{"type":"input_audio_buffer.append","audio":"${"A".repeat(32_000)}"}`);
    expect(session.responseRequest().bodyBytes).toBe(4 * 30);
  });

  it("reads a question with its own limit, in the shape of either generation", () => {
    const session = open();
    expect(
      session.sent('{"type":"response.create","event_id":"a","response":{"max_output_tokens":50}}'),
    ).toMatchObject({ eventId: "a", maxOutputTokens: 50 });
    session.received('{"type":"session.updated","session":{"max_response_output_tokens":70}}');
    expect(session.responseRequest().maxOutputTokens).toBe(70);
    session.received('{"type":"session.updated","session":{"max_output_tokens":"inf"}}');
    expect(session.responseRequest().maxOutputTokens).toBeUndefined();
  });

  it("finds the type wherever it stands, and nowhere inside", () => {
    const session = open();
    expect(session.sent('{"response":{"type":"x"},"type":"response.create"}')).toBeDefined();
    expect(
      session.sent('{"item":{"type":"response.create"},"type":"conversation.item.create"}'),
    ).toBeUndefined();
  });

  it("survives whatever comes, both ways", () => {
    const types = fc.constantFrom(
      "session.updated",
      "response.created",
      "response.done",
      "response.output_audio.delta",
      "input_audio_buffer.append",
      "input_audio_buffer.committed",
      "conversation.item.create",
      "conversation.item.input_audio_transcription.completed",
      "response.create",
      "error",
    );
    const event = fc.record({
      type: types,
      session: fc.jsonValue(),
      response: fc.jsonValue(),
      response_id: fc.jsonValue(),
      item: fc.jsonValue(),
      item_id: fc.jsonValue(),
      usage: fc.jsonValue(),
      delta: fc.jsonValue(),
      error: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(event), fc.string(), (events, garbage) => {
        const session = open();
        for (const json of [...events.map((one) => JSON.stringify(one)), garbage]) {
          session.sent(json);
          session.received(json);
          session.received(json.slice(0, json.length / 2));
        }
        return session.responseRequest().bodyBytes >= 0;
      }),
    );
  });
});

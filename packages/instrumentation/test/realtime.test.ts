import { withAttribution } from "@tollgate/core";
import { captureTelemetry } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { ASK, KINDS, openSession } from "./realtime-session.ts";
import { reservedOf, spentOf } from "./setup.ts";

const PRICED = { usage: { textInput: 1_000, textOutput: 100, audioOutput: 0 } } as const;
/** 1,000 × $4 + 100 × $16, per million tokens. */
const PRICED_NANO_USD = 5_600_000;

describe.each(KINDS)("a realtime session on a %s socket", (kind) => {
  test("is charged to the place of construction, and to what the sender adds", async () => {
    const session = await openSession(kind, {
      within: (fn) => withAttribution({ project: "atlas", user: "ann" }, fn),
    });
    withAttribution({ user: "bob" }, () => session.send(ASK));
    expect((await session.nextEvent()).attribution).toEqual({ project: "atlas", user: "bob" });
    session.connection.speak();
    expect((await session.nextEvent()).attribution).toEqual({ project: "atlas", user: "ann" });
  });

  test("books a response that the server begins, and what it takes to write the speech down", async () => {
    const session = await openSession(kind);
    session.send({
      type: "session.update",
      session: { audio: { input: { transcription: { model: "gpt-4o-mini-transcribe" } } } },
    });
    await session.message("session.updated");
    session.connection.speak();
    const [written, answered] = [await session.nextEvent(), await session.nextEvent()];
    expect(written).toMatchObject({
      api: "openai.realtime.transcription",
      operation: "transcription",
      requestModel: "gpt-4o-mini-transcribe",
      outcome: "ok",
      usage: { inputTokens: 17, audioInputTokens: 17, outputTokens: 9 },
      cost: { priceSource: "catalogue" },
    });
    expect(answered).toMatchObject({ api: "openai.realtime", operation: "chat", outcome: "ok" });
    expect(session.events).toHaveLength(2);
  });

  test("takes seconds where the transcription counts no tokens", async () => {
    const session = await openSession(kind);
    session.send({
      type: "session.update",
      session: {
        audio: {
          input: {
            transcription: { model: "whisper-1" },
            turn_detection: { create_response: false },
          },
        },
      },
    });
    await session.message("session.updated");
    session.connection.speak({ transcriptionUsage: { type: "duration", seconds: 2.3 } });
    expect(await session.nextEvent()).toMatchObject({
      requestModel: "whisper-1",
      estimated: false,
      usage: { audioSeconds: 3 },
    });
  });

  test("books a response that fails, which nobody pays for", async () => {
    const session = await openSession(kind);
    session.server.enqueue({
      status: "failed",
      errorCode: "rate_limit_exceeded",
      usageAbsent: true,
      pieces: [],
    });
    session.send(ASK);
    expect(await session.nextEvent()).toMatchObject({
      outcome: "error",
      errorType: "rate_limit_exceeded",
      usage: undefined,
      cost: { totalNanoUsd: 0 },
    });
  });

  test("books a response that is cut off, with the reason", async () => {
    const session = await openSession(kind);
    session.server.enqueue({ status: "incomplete", reason: "max_output_tokens", pieces: ["One"] });
    session.send(ASK);
    expect(await session.nextEvent()).toMatchObject({
      outcome: "ok",
      estimated: false,
      finishReasons: ["max_output_tokens"],
    });
  });

  test("settles a response whose connection breaks once, by an estimate", async () => {
    const policies = [{ id: "all", limit: { usd: 10 }, window: "day" }];
    const session = await openSession(kind, { policies });
    session.server.enqueue({ pieces: ["One two", " three"], dropAfterPieces: 1 });
    session.send(ASK);
    const event = await session.nextEvent();
    expect(event).toMatchObject({
      outcome: "error",
      errorType: "websocket_closed_1006",
      estimated: true,
      responseModel: "gpt-realtime",
    });
    // Seven characters of 20 ms each, at 50 ms a token, and the transcript of it.
    expect(event.usage?.audioOutputTokens).toBe(3);
    expect(event.usage?.outputTokens).toBe(5);
    expect(event.usage?.inputTokens).toBeGreaterThan(0);
    expect(await reservedOf(session.budget)).toBe(0);
    expect(await spentOf(session.budget)).toBe(event.cost.totalNanoUsd);
    expect(session.events).toHaveLength(1);
  });

  test("books as cancelled what the app leaves by closing", async () => {
    const session = await openSession(kind);
    session.server.enqueue({ pieces: ["One", " two"], hangAfterPieces: 1 });
    session.send(ASK);
    await session.message("response.output_audio.delta");
    session.socket.close(1000);
    expect(await session.nextEvent()).toMatchObject({ outcome: "cancelled", estimated: true });
    expect(await session.connection.closed).toEqual({ code: 1000, reason: "" });
    expect(session.events).toHaveLength(1);
  });

  test("books as an error what the server leaves by closing", async () => {
    const session = await openSession(kind);
    session.server.enqueue({ pieces: ["One", " two"], closeAfterPieces: 1 });
    session.send(ASK);
    expect(await session.nextEvent()).toMatchObject({ errorType: "websocket_closed_1001" });
  });

  test("knows responses apart that run at the same time", async () => {
    const session = await openSession(kind);
    session.server.enqueue(
      { pieces: ["One", " two"], hangAfterPieces: 1, usage: { textInput: 1 } },
      { pieces: ["Three"], usage: { textInput: 2 } },
    );
    session.send(ASK);
    session.send({ type: "response.create", response: { conversation: "none" } });
    expect(await session.nextEvent()).toMatchObject({ outcome: "ok", usage: { inputTokens: 2 } });
    session.send({ type: "response.cancel" });
    expect(await session.nextEvent()).toMatchObject({
      outcome: "cancelled",
      estimated: false,
      usage: { inputTokens: 1 },
    });
  });

  test("makes one span for each response", async () => {
    const telemetry = captureTelemetry();
    onTestFinished(() => telemetry.shutdown());
    const session = await openSession(kind, {
      telemetry: {
        tracer: () => telemetry.tracerProvider.getTracer("test"),
        meter: () => telemetry.meterProvider.getMeter("test"),
      },
    });
    session.server.enqueue(PRICED);
    session.send(ASK);
    await session.nextEvent();
    const [span] = telemetry.spans();
    expect(telemetry.spans()).toHaveLength(1);
    expect(span?.name).toBe("chat gpt-realtime");
    expect(span?.attributes).toMatchObject({
      "gen_ai.provider.name": "openai",
      "gen_ai.usage.input_tokens": 1_000,
      "server.address": "127.0.0.1",
    });
    expect(await telemetry.value("tollgate_cost_usd_total")).toBeCloseTo(PRICED_NANO_USD / 1e9, 9);
  });
});

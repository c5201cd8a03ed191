import { createBudgetProcessor, parsePolicies, type BudgetProcessor } from "@tollgate/budget";
import { budgetExceeded, withAttribution, type UsageEvent } from "@tollgate/core";
import {
  captureTelemetry,
  startFakeRealtime,
  type FakeRealtime,
  type RealtimeConnection,
} from "@tollgate/testkit";
import { WebSocket as WsSocket } from "ws";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCallMeter, hookGlobalWebSocket } from "../src/index.ts";
import type { MeteringOptions } from "../src/fetch/index.ts";
import { watchWsSocket } from "../src/module/ws-socket.ts";
import { createSocketClasses } from "../src/realtime/socket-class.ts";
import { reservedOf, spentOf } from "./setup.ts";

interface Message {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A client on a fake server, with everything it was told and everything that was booked. */
interface Session {
  readonly server: FakeRealtime;
  readonly connection: RealtimeConnection;
  readonly socket: WebSocket | WsSocket;
  readonly budget: BudgetProcessor;
  readonly events: UsageEvent[];
  readonly messages: Message[];
  send(message: object): void;
  /** The next message of a type, from now on or already there. */
  message(type: string): Promise<Message>;
  nextEvent(): Promise<UsageEvent>;
}

interface SessionOptions extends Omit<MeteringOptions, "onUsage"> {
  readonly policies?: unknown;
  /** In which to construct the socket. */
  readonly within?: <Result>(fn: () => Result) => Result;
}

const KINDS = ["global", "ws"] as const;

async function openSession(
  kind: (typeof KINDS)[number],
  { policies = [], within = (fn) => fn(), ...options }: SessionOptions = {},
): Promise<Session> {
  const server = await startFakeRealtime();
  onTestFinished(() => server.close());
  const budget = options.budget ?? createBudgetProcessor({ policies: parsePolicies(policies) });
  const events: UsageEvent[] = [];
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const tell = (): void => waiting.forEach((look) => look());
  const meter = createCallMeter({
    ...options,
    budget,
    onUsage(event) {
      events.push(event);
      tell();
    },
  });
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });

  const arriving = server.nextConnection();
  const url = `${server.url}?model=gpt-realtime`;
  let socket: WebSocket | WsSocket;
  if (kind === "global") {
    const unhook = hookGlobalWebSocket(meter);
    socket = within(() => new WebSocket(url, ["realtime"]));
    unhook();
  } else {
    const classes = createSocketClasses((made, address) =>
      watchWsSocket(meter.realtime, made, address),
    );
    const Metered = classes.wrap(WsSocket as never) as unknown as typeof WsSocket;
    socket = within(() => new Metered(url, ["realtime"]));
    classes.stop();
  }
  socket.addEventListener("message", (event: { readonly data: unknown }) => {
    messages.push(JSON.parse(String(event.data)));
    tell();
  });
  const opened = new Promise<void>((resolve) => socket.addEventListener("open", () => resolve()));
  const connection = await arriving;
  await opened;
  let seen = 0;
  const session: Session = {
    server,
    connection,
    socket,
    budget,
    events,
    messages,
    send: (message) => socket.send(JSON.stringify(message)),
    message: (type) => until(() => messages.find((message) => message.type === type)),
    nextEvent() {
      const index = seen++;
      return until(() => events[index]);
    },
  };
  await session.message("session.created");
  return session;
}

const ASK = { type: "response.create" };
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

  test.each([
    [
      "failed",
      { errorCode: "rate_limit_exceeded", usageAbsent: true },
      "error",
      "rate_limit_exceeded",
    ],
    ["incomplete", { reason: "max_output_tokens" }, "ok", undefined],
  ] as const)("books a response that is %s", async (status, script, outcome, errorType) => {
    const session = await openSession(kind);
    session.server.enqueue({ status, ...script, pieces: [] });
    session.send(ASK);
    const event = await session.nextEvent();
    expect(event.outcome).toBe(outcome);
    expect(event.errorType).toBe(errorType);
    if (status === "failed") expect(event.usage).toBeUndefined();
    else expect(event.finishReasons).toEqual(["max_output_tokens"]);
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

  test("is gated: what a budget cannot bear is not sent, and the app hears why", async () => {
    const policies = [{ id: "all", limit: { usd: 0.03 }, window: "day" }];
    const session = await openSession(kind, { policies });
    session.server.enqueue({ usage: { textInput: 5_000, textOutput: 500, audioOutput: 0 } });
    session.send(ASK);
    expect((await session.nextEvent()).cost.totalNanoUsd).toBe(28_000_000);
    session.send({ type: "response.create", event_id: "mine" });
    const refused = await session.message("error");
    expect(refused).toMatchObject({
      error: { code: "tollgate_budget_exceeded", event_id: "mine", param: null },
    });
    expect(budgetExceeded(refused)).toMatchObject({ budget: "all", reason: "exceeded" });
    expect(await session.nextEvent()).toMatchObject({ outcome: "refused", usage: undefined });
    expect(session.connection.received.filter(({ type }) => type === ASK.type)).toHaveLength(1);

    // The user goes on talking: that is charged, since nobody can refuse it.
    session.server.enqueue({ usage: { textInput: 5_000, textOutput: 500, audioOutput: 0 } });
    session.connection.speak();
    expect(await session.nextEvent()).toMatchObject({ outcome: "ok" });
    expect(await spentOf(session.budget)).toBe(56_000_000);
    expect(await reservedOf(session.budget)).toBe(0);
  });

  test("is refused by a hard budget, which cannot bound it", async () => {
    const policies = [{ id: "hard", limit: { usd: 5 }, window: "day", guarantee: "hard" }];
    const session = await openSession(kind, { policies });
    session.send(ASK);
    expect(budgetExceeded(await session.message("error"))).toMatchObject({ reason: "unboundable" });
  });

  test("keeps the order of messages while a budget makes one wait", async () => {
    const inner = createBudgetProcessor({ policies: [] });
    const gate = Promise.withResolvers<void>();
    const budget: BudgetProcessor = {
      ...inner,
      reserve: async (call) => {
        await gate.promise;
        return inner.reserve(call);
      },
    };
    const session = await openSession(kind, { budget });
    session.send(ASK);
    session.send({ type: "session.update", session: { instructions: "Be brief." } });
    expect(session.connection.received).toEqual([]);
    gate.resolve();
    await session.message("session.updated");
    expect(session.connection.received.map(({ type }) => type)).toEqual([
      ASK.type,
      "session.update",
    ]);
    expect(await session.nextEvent()).toMatchObject({ outcome: "ok" });
  });

  test("drops the question that waits when the app closes, and sends the rest", async () => {
    const inner = createBudgetProcessor({ policies: [] });
    const gate = Promise.withResolvers<void>();
    const budget: BudgetProcessor = {
      ...inner,
      reserve: async (call) => {
        await gate.promise;
        return inner.reserve(call);
      },
    };
    const session = await openSession(kind, { budget });
    session.send(ASK);
    session.send({ type: "session.update", session: {} });
    session.socket.close();
    await session.connection.closed;
    expect(session.connection.received.map(({ type }) => type)).toEqual(["session.update"]);
    gate.resolve();
    await gate.promise;
    expect(session.events).toEqual([]);
  });
});

describe("the global WebSocket", () => {
  const meter = createCallMeter();

  test("is the same class for the app, and back when the hook ends", () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
    const Original = WebSocket;
    const unhook = hookGlobalWebSocket(meter);
    expect(WebSocket.name).toBe("WebSocket");
    expect(WebSocket.prototype).toBe(Original.prototype);
    expect(WebSocket.prototype.constructor).toBe(WebSocket);
    expect([WebSocket.CONNECTING, WebSocket.CLOSED]).toEqual([0, 3]);
    expect(() => Reflect.apply(WebSocket, undefined, ["ws://127.0.0.1"])).toThrow(TypeError);
    unhook();
    expect(Object.getOwnPropertyDescriptor(globalThis, "WebSocket")).toEqual(before);
    expect(WebSocket.prototype.constructor).toBe(Original);
  });

  test("leaves other sockets and subclasses alone", async () => {
    const server = await startFakeRealtime();
    onTestFinished(() => server.close());
    const unhook = hookGlobalWebSocket(meter);
    onTestFinished(unhook);
    class Own extends WebSocket {
      readonly own = true;
    }
    const socket = new Own(`${server.url}?other=1`, "realtime");
    expect(socket).toBeInstanceOf(Own);
    expect(socket.constructor).toBe(Own);
    expect(Object.hasOwn(socket, "send")).toBe(false);
    socket.close();
  });

  test("meters a socket once, under however many hooks", async () => {
    const server = await startFakeRealtime();
    onTestFinished(() => server.close());
    const events: UsageEvent[] = [];
    const booked = Promise.withResolvers<void>();
    const onUsage = (event: UsageEvent): void => {
      events.push(event);
      booked.resolve();
    };
    const hooks = [1, 2].map(() => hookGlobalWebSocket(createCallMeter({ onUsage })));
    onTestFinished(() => hooks.toReversed().forEach((unhook) => unhook()));
    const socket = new WebSocket(`${server.url}?model=gpt-realtime`, "realtime");
    socket.addEventListener("open", () => socket.send(JSON.stringify(ASK)));
    await booked.promise;
    socket.close();
    expect(events).toHaveLength(1);
  });
});

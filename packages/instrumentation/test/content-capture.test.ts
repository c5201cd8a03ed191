import {
  diag,
  DiagLogLevel,
  logs,
  trace,
  type Attributes,
  type LogRecord,
} from "@opentelemetry/api";
import * as names from "@tollgate/core/semconv";
import { captureTelemetry, type TelemetryCapture } from "@tollgate/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hookGlobalFetch, createCallMeter, traceTool } from "../src/index.ts";
import { createRig, STREAMED, type Rig, type RigOptions } from "./setup.ts";

const silent = (): void => {};

const VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
const CONTENT = [
  names.ATTR_INPUT_MESSAGES,
  names.ATTR_OUTPUT_MESSAGES,
  names.ATTR_SYSTEM_INSTRUCTIONS,
  names.ATTR_TOOL_DEFINITIONS,
];

let telemetry: TelemetryCapture;
let warnings: string[];
let emitted: LogRecord[];

beforeEach(() => {
  telemetry = captureTelemetry({ global: true });
  warnings = [];
  emitted = [];
  const note = (message: string): void => void warnings.push(message);
  const logger = { error: note, warn: note, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  diag.disable();
  logs.disable();
  await telemetry.shutdown();
});

function registerLogger(): void {
  const logger = { emit: (record: LogRecord) => void emitted.push(record), enabled: () => true };
  logs.setGlobalLoggerProvider({ getLogger: () => logger });
}

const script = { text: "Hi there." };

async function ask(options: RigOptions, body: object = {}): Promise<Rig> {
  const rig = await createRig({ provider: { script }, ...options });
  await (await rig.chat({ ...body })).text();
  return rig;
}

function spanAttributes(): Attributes {
  return telemetry.spans().at(-1)?.attributes ?? {};
}

function contentNames(): readonly string[] {
  return CONTENT.filter((name) => name in spanAttributes());
}

function read(name: string): unknown {
  const text = spanAttributes()[name];
  return typeof text === "string" ? JSON.parse(text) : undefined;
}

const INPUT = [{ role: "user", parts: [{ type: "text", content: "Say something." }] }];
const OUTPUT = [
  { role: "assistant", parts: [{ type: "text", content: "Hi there." }], finish_reason: "stop" },
];

test.each([
  ["nothing is said", undefined, undefined, []],
  ["an option is set", undefined, true, ["span"]],
  ["an option is SPAN_ONLY", undefined, "SPAN_ONLY", ["span"]],
  ["an option is EVENT_ONLY", undefined, "EVENT_ONLY", ["event"]],
  ["the variable is true", "true", undefined, ["span"]],
  ["the variable is SPAN_ONLY", " span_only ", false, ["span"]],
  ["the variable is EVENT_ONLY", "EVENT_ONLY", true, ["event"]],
  ["the variable is SPAN_AND_EVENT", "span_and_event", undefined, ["span", "event"]],
  ["the variable is false", "false", true, []],
  ["the variable is NO_CONTENT", "NO_CONTENT", true, []],
  ["the variable is empty", " ", true, ["span"]],
] as const)("when %s, content goes where it was asked for", async (_name, variable, option, to) => {
  vi.stubEnv(VARIABLE, variable);
  registerLogger();
  await ask({ captureContent: option });
  expect(contentNames().length > 0).toBe(to.some((place) => place === "span"));
  expect(emitted.length > 0).toBe(to.some((place) => place === "event"));
  expect(warnings).toEqual([]);
});

test.each([
  ["yes", undefined],
  [undefined, "on"],
])("what nobody knows means no content, and is said: %s, %s", async (variable, option) => {
  vi.stubEnv(VARIABLE, variable);
  // As from JavaScript.
  const options: object = { captureContent: option };
  await ask(options);
  expect(contentNames()).toEqual([]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("write NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT");
});

test.each([
  ["whole", {}],
  ["streamed", STREAMED],
  ["streamed, its usage hidden", { stream: true }],
])("records what was asked and answered, %s", async (_how, body) => {
  await ask({ captureContent: true }, body);
  expect(read(names.ATTR_INPUT_MESSAGES)).toEqual(INPUT);
  expect(read(names.ATTR_OUTPUT_MESSAGES)).toEqual(OUTPUT);
  expect(contentNames()).toHaveLength(2);
});

test("the app gets the very bytes that were sent", async () => {
  const rawBody =
    'data: {"choices":[{"delta":{"content":"Grüße 👋"}}]}\r\n\r\nnonsense\n\ndata: [DO';
  const rig = await createRig({
    provider: { script: { rawBody, rawContentType: "text/event-stream", split: "odd" } },
    captureContent: true,
  });
  expect(await (await rig.chat(STREAMED)).text()).toBe(rawBody);
  expect(read(names.ATTR_OUTPUT_MESSAGES)).toMatchObject([{ parts: [{ content: "Grüße 👋" }] }]);
});

test("a stream that the app leaves shows what came of it", async () => {
  const rig = await createRig({
    provider: { script: { chunks: ["one ", "two ", "three"], hangAfterChunks: 2 } },
    captureContent: true,
  });
  const response = await rig.chat(STREAMED);
  const decoder = new TextDecoder();
  let seen = "";
  for await (const chunk of response.body ?? []) {
    seen += decoder.decode(chunk);
    if (seen.includes("two")) break;
  }
  expect(read(names.ATTR_OUTPUT_MESSAGES)).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "one two " }] },
  ]);
});

test("a call that fails or is refused shows what was asked", async () => {
  const rig = await createRig({
    captureContent: true,
    policies: [{ id: "tiny", limit: { usd: 1e-6 }, window: "total" }],
  });
  await rig.chat();
  expect(rig.events).toMatchObject([{ outcome: "refused" }]);
  expect(read(names.ATTR_INPUT_MESSAGES)).toEqual(INPUT);
  expect(contentNames()).toHaveLength(1);
});

test("an attribute keeps its limit and is named as cut", async () => {
  const messages = [{ role: "user", content: "é".repeat(5_000) }];
  await ask({ captureContent: true, contentLimitBytes: 1_000 }, { messages });
  const text = spanAttributes()[names.ATTR_INPUT_MESSAGES];
  expect(Buffer.byteLength(String(text))).toBeLessThanOrEqual(1_000);
  expect(read(names.ATTR_INPUT_MESSAGES)).toMatchObject([{ parts: [{ truncated: true }] }]);
  expect(spanAttributes()[names.ATTR_CONTENT_TRUNCATED]).toEqual([names.ATTR_INPUT_MESSAGES]);
});

test("a limit that is none is said, and the default is used", async () => {
  await ask({ captureContent: true, contentLimitBytes: Number.NaN });
  expect(read(names.ATTR_INPUT_MESSAGES)).toEqual(INPUT);
  expect(warnings[0]).toContain("contentLimitBytes is NaN");
});

test("events are structured, and belong to the span", async () => {
  registerLogger();
  await ask({ captureContent: "EVENT_ONLY" });
  const [span] = telemetry.spans();
  expect(emitted).toMatchObject([
    {
      eventName: "gen_ai.client.inference.operation.details",
      attributes: {
        [names.ATTR_OPERATION_NAME]: "chat",
        [names.ATTR_PROVIDER_NAME]: "openai",
        [names.ATTR_REQUEST_MODEL]: "gpt-4o-mini",
        [names.ATTR_INPUT_MESSAGES]: INPUT,
        [names.ATTR_OUTPUT_MESSAGES]: OUTPUT,
      },
    },
  ]);
  const context = emitted[0]?.context;
  const seen = context === undefined ? undefined : trace.getSpanContext(context);
  expect(seen?.spanId).toBe(span?.spanContext().spanId);
});

test("where no logger provider takes events, that is said once and spans stay without content", async () => {
  const rig = await ask({ captureContent: "EVENT_ONLY" });
  await (await rig.chat()).text();
  expect(contentNames()).toEqual([]);
  expect(warnings.filter((line) => line.includes("LoggerProvider"))).toHaveLength(1);
});

test("a span of the SDK's own keeps the content that the SDK recorded", async () => {
  const rig = await createRig({ provider: { script }, captureContent: true });
  const attributes = {
    [names.ATTR_OPERATION_NAME]: "chat",
    [names.ATTR_INPUT_MESSAGES]: "the SDK's own",
  };
  await trace.getTracer("sdk").startActiveSpan("chat", { attributes }, async (span) => {
    await (await rig.chat()).text();
    span.end();
  });
  expect(spanAttributes()[names.ATTR_INPUT_MESSAGES]).toBe("the SDK's own");
  expect(read(names.ATTR_OUTPUT_MESSAGES)).toEqual(OUTPUT);
});

const TOLD = {
  messages: [
    { role: "user", content: "SECRET question" },
    { role: "assistant", content: "fine" },
  ],
  tools: [{ type: "function", function: { name: "search", description: "SECRET" } }],
};

test("a message can be changed or kept out before it is recorded", async () => {
  await ask(
    {
      captureContent: true,
      redactContent: (message, kind) => {
        if (kind === "tool_definitions" || message.role === "assistant") return undefined;
        return { ...message, parts: [{ type: "text", content: "***" }] };
      },
    },
    TOLD,
  );
  expect(read(names.ATTR_INPUT_MESSAGES)).toEqual([
    { role: "user", parts: [{ type: "text", content: "***" }] },
  ]);
  expect(contentNames()).toEqual([names.ATTR_INPUT_MESSAGES]);
});

test.each([
  [
    "throws",
    () => {
      throw new TypeError("cannot redact: SECRET question");
    },
  ],
  [
    "throws what is no error",
    () => {
      // oxlint-disable-next-line typescript/only-throw-error -- apps do.
      throw "SECRET question";
    },
  ],
  ["gives a promise", () => Promise.resolve({ role: "user", parts: [] })],
  ["gives a promise that fails", () => Promise.reject(new Error("SECRET"))],
  ["gives a text", () => "SECRET question"],
  ["gives parts that are none", () => ({ role: "user", parts: ["SECRET"] })],
])("a redaction that %s drops the content, and says so without it", async (_name, redact) => {
  // As from JavaScript.
  const options: object = { captureContent: true, redactContent: redact };
  const rig = await ask(options, TOLD);
  expect(rig.events).toMatchObject([{ outcome: "ok" }]);
  expect(contentNames()).toEqual([]);
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.join("\n")).toContain("content is not recorded");
  expect(warnings.join("\n")).not.toContain("SECRET");
});

test("a redaction that changes what it is given changes nothing of the app's", async () => {
  const rig = await createRig({
    provider: { script: { toolCalls: [{ name: "search", arguments: { q: "x" } }] } },
    captureContent: true,
    redactContent(message) {
      for (const part of message.parts) Object.assign(part, { arguments: "***" });
      return message;
    },
  });
  const url = `${rig.provider.url}/v1/messages`;
  const body = JSON.stringify({ model: "claude-sonnet-4-5", max_tokens: 9, messages: [] });
  const answer: unknown = await (await rig.fetch(url, { method: "POST", body })).json();
  expect(answer).toMatchObject({ content: [{ type: "tool_use", input: { q: "x" } }] });
  expect(read(names.ATTR_OUTPUT_MESSAGES)).toMatchObject([{ parts: [{ arguments: "***" }] }]);
});

test.each([
  [true, '{"query":"é"}', "found"],
  [false, undefined, undefined],
])("a tool's arguments and result are recorded with content: %s", async (captureContent, a, r) => {
  const unhook = hookGlobalFetch(createCallMeter({ captureContent }));
  try {
    const result = traceTool("search", () => Promise.resolve("found"), {
      callId: "c1",
      arguments: { query: "é" },
    });
    await expect(result).resolves.toBe("found");
  } finally {
    unhook();
  }
  expect(spanAttributes()[names.ATTR_TOOL_CALL_ARGUMENTS]).toBe(a);
  expect(spanAttributes()[names.ATTR_TOOL_CALL_RESULT]).toBe(r);
});

test("a tool that gives what JSON cannot say is left alone", () => {
  const unhook = hookGlobalFetch(createCallMeter({ captureContent: true }));
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(traceTool("search", () => circle)).toBe(circle);
  expect(traceTool("search", () => 1n)).toBe(1n);
  unhook();
  expect(telemetry.spans()).toHaveLength(2);
  expect(spanAttributes()[names.ATTR_TOOL_CALL_RESULT]).toBeUndefined();
});

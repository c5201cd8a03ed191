import { inspect } from "node:util";
import { diag, DiagLogLevel, logs, type LogRecord } from "@opentelemetry/api";
import { captureTelemetry, type ReplyScript, type TelemetryCapture } from "@tollgate/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { traceAgent, traceTask, traceTool } from "../src/index.ts";
import type { MeteringOptions } from "../src/fetch/index.ts";
import { createRig, STREAMED, type Rig, type RigOptions } from "./setup.ts";

/** In every key, prompt and answer; whatever shows it shows content. */
const CANARY = "CANARY";
const KEY = `sk-${CANARY}-key`;
const PROMPT = {
  messages: [
    { role: "system", content: `${CANARY} system` },
    { role: "user", content: `${CANARY} prompt` },
  ],
  user: `${CANARY} user`,
  metadata: { note: CANARY },
  stop: [CANARY],
  tools: [
    {
      type: "function",
      function: { name: "search", description: CANARY, parameters: { title: CANARY } },
    },
  ],
};
const INIT: RequestInit = { headers: { authorization: `Bearer ${KEY}`, "x-api-key": KEY } };

let telemetry: TelemetryCapture;
let diagLines: string[];

beforeEach(() => {
  telemetry = captureTelemetry({ global: true });
  diagLines = [];
  const note = (...args: unknown[]): void =>
    void diagLines.push(args.map((arg) => inspect(arg, { depth: 10 })).join(" "));
  const logger = { error: note, warn: note, info: note, debug: note, verbose: note };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
});
afterEach(async () => {
  diag.disable();
  logs.disable();
  await telemetry.shutdown();
});

/** What is emitted as events from now on. */
function captureEvents(): readonly LogRecord[] {
  const emitted: LogRecord[] = [];
  const logger = { emit: (record: LogRecord) => void emitted.push(record), enabled: () => true };
  logs.setGlobalLoggerProvider({ getLogger: () => logger });
  return emitted;
}

/** Everything that leaves for telemetry, and how much of it there is. */
async function shown(rig: Rig): Promise<string> {
  const spans = telemetry.spans().map(({ name, attributes, events, links, status }) => ({
    name,
    attributes,
    events,
    links,
    status,
  }));
  return inspect([spans, rig.events, diagLines, await telemetry.prometheusText()], {
    depth: 20,
    maxStringLength: null,
    maxArrayLength: null,
  });
}

const ANSWER = `${CANARY} answer`;
const TOOL_CALLS = [{ name: "search", arguments: { query: CANARY } }];
const chunk = `data: {"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"${ANSWER}"}}]}\n\n`;
const raw = (rawBody: string, rawContentType = "application/json"): ReplyScript => ({
  rawBody,
  rawContentType,
});
const events = (...lines: string[]): ReplyScript => raw(lines.join(""), "text/event-stream");

const PATHS: readonly (readonly [string, ReplyScript])[] = [
  ["an answer", { text: ANSWER }],
  ["an answer without counts", { text: ANSWER, usageAbsent: true }],
  ["a tool call", { toolCalls: TOOL_CALLS }],
  ["an error that quotes the prompt", { status: 400, errorMessage: `cannot read: ${ANSWER}` }],
  ["an error that quotes the key", { status: 401, errorMessage: `Incorrect API key: ${KEY}` }],
  ["an error that is no JSON", { ...raw(`<p>${ANSWER}`, "text/html"), status: 500 }],
  ["text that is no JSON", raw(`${ANSWER} is not JSON`)],
  ["truncated JSON", raw(`{"choices":[{"message":{"content":"${ANSWER}`)],
  ["JSON of another kind", raw(JSON.stringify([ANSWER]))],
  ["counts that are text", raw(JSON.stringify({ choices: [], usage: { prompt_tokens: ANSWER } }))],
  ["usage that is text", raw(JSON.stringify({ choices: [ANSWER], usage: ANSWER }))],
  ["an event that is no JSON", events(chunk, `data: {"choices":${ANSWER}\n\n`, "data: [DONE]\n\n")],
  ["a stream without an end", events(chunk)],
  ["a stream that is none", events(ANSWER)],
  ["a stream that breaks", { chunks: [ANSWER, ANSWER, ANSWER], failAfterChunks: 2 }],
];

/** As apps do it: whatever comes is read, and what goes wrong is thrown on. */
async function call(rig: Rig, body: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await rig.chat({ ...PROMPT, ...body }, INIT);
  const text = await response.text();
  if (!response.ok) throw Object.assign(new Error(text), { status: response.status });
}

async function inAgent(rig: Rig, body: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const agent = traceTask("t-1", () =>
    traceAgent("planner", () => traceTool("search", () => call(rig, body))),
  );
  await agent.catch(() => undefined);
}

describe.each(PATHS)("%s", (_name, script) => {
  test.each([
    ["read whole", {}],
    ["streamed", STREAMED],
  ])("shows nothing of it, %s", async (_how, body) => {
    const rig = await createRig({ provider: { script } });
    await inAgent(rig, body);
    expect(rig.provider.requests[0]?.bodyText).toContain(CANARY);
    expect(rig.events).toHaveLength(1);
    expect(telemetry.spans()).toHaveLength(4);
    expect(await shown(rig)).not.toContain(CANARY);
  });
});

/** Every way to ask for content. */
const ASKED: readonly (readonly [string, MeteringOptions])[] = [
  ["on spans", { captureContent: true }],
  ["in events", { captureContent: "EVENT_ONLY" }],
  ["everywhere", { captureContent: "SPAN_AND_EVENT" }],
];

describe.each(PATHS)("where content is recorded, %s", (_name, script) => {
  test.each(ASKED)("shows the prompt and no key, %s", async (_where, options) => {
    const emitted = captureEvents();
    const rig = await createRig({ provider: { script }, ...options });
    await inAgent(rig);
    await inAgent(rig, STREAMED);
    expect(rig.events).toHaveLength(2);
    const all = `${await shown(rig)}${inspect(emitted, { depth: 20 })}`;
    expect(all).toContain(`${CANARY} prompt`);
    expect(all).not.toContain(KEY);
    expect(diagLines.join("\n")).not.toContain(CANARY);
    expect(inspect(rig.events, { depth: 20 })).not.toContain(CANARY);
    expect(await telemetry.prometheusText()).not.toContain(CANARY);
  });
});

test.each(ASKED)(
  "a key in a URL is not shown where content is recorded, %s",
  async (_w, options) => {
    const emitted = captureEvents();
    const rig = await createRig(options);
    const url = `${rig.provider.url}/v1beta/models/gemini-2.5-flash:generateContent?key=${KEY}`;
    const parts = [{ text: "Hello" }, { fileData: { fileUri: `https://x.test/f1?key=${KEY}` } }];
    const body = JSON.stringify({ contents: [{ role: "user", parts }] });
    await (await rig.fetch(url, { method: "POST", body, ...INIT })).text();
    expect(rig.events).toMatchObject([{ provider: "gcp.gemini", outcome: "ok" }]);
    const all = `${await shown(rig)}${inspect(emitted, { depth: 20 })}`;
    expect(all).toContain("Hello");
    expect(all).not.toContain(CANARY);
  },
);

const GATES: readonly (readonly [string, RigOptions])[] = [
  ["a refusal", { policies: [{ id: "tiny", limit: { usd: 1e-6 }, window: "total" }] }],
  [
    "a refusal of what has no bound",
    { policies: [{ id: "hard", limit: { usd: 1 }, window: "total", guarantee: "hard" }] },
  ],
];

test.each(GATES)("%s shows nothing of the call", async (_name, options) => {
  const rig = await createRig(options);
  await inAgent(rig, { tools: [{ type: "web_search", note: CANARY }] });
  expect(rig.events).toHaveLength(1);
  expect(await shown(rig)).not.toContain(CANARY);
});

test("a network failure shows nothing of the call", async () => {
  const rig = await createRig();
  await rig.provider.close();
  await inAgent(rig);
  expect(rig.events).toMatchObject([{ outcome: "error" }]);
  expect(await shown(rig)).not.toContain(CANARY);
});

test("an abort with a reason of the app's shows nothing of it", async () => {
  const rig = await createRig({ provider: { script: { delayMs: 10_000 } } });
  const controller = new AbortController();
  const aborted = rig.chat(PROMPT, { ...INIT, signal: controller.signal });
  controller.abort(new Error(`${CANARY} reason`));
  await expect(aborted).rejects.toThrow(CANARY);
  expect(await shown(rig)).not.toContain(CANARY);
});

test("a key in the URL is not shown, also where the body is no call", async () => {
  const rig = await createRig();
  const url = `${rig.provider.openaiBaseUrl}/chat/completions?key=${KEY}`;
  await rig.fetch(url, { method: "POST", body: JSON.stringify({ note: CANARY }) });
  const body = JSON.stringify({ model: "gpt-4o-mini", ...PROMPT });
  await (await rig.fetch(url, { method: "POST", body })).text();
  expect(rig.events).toHaveLength(1);
  expect(diagLines.join("\n")).toContain("not metered");
  expect(await shown(rig)).not.toContain(CANARY);
});

test("what agents throw and return is not shown", async () => {
  const rig = await createRig();
  const error = Object.assign(new Error(ANSWER), { code: ANSWER, cause: new Error(KEY) });
  const thrown = traceTask("t-1", () => traceAgent("planner", () => Promise.reject(error)));
  await expect(thrown).rejects.toBe(error);
  expect(traceTool("search", () => ANSWER)).toBe(ANSWER);
  expect(await shown(rig)).not.toContain(CANARY);
});

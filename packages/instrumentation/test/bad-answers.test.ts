import { diag, DiagLogLevel } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRig, STREAMED } from "./setup.ts";

let warnings: string[];
const silent = (): void => undefined;

beforeEach(() => {
  warnings = [];
  const note = (...args: unknown[]): void => void warnings.push(args.join(" "));
  const logger = { error: note, warn: note, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

const chatAnswer = (usage: unknown): string =>
  JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      { index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" },
    ],
    usage,
  });

const BODIES: readonly (readonly [string, string, string])[] = [
  ["truncated JSON", chatAnswer({ prompt_tokens: 5 }).slice(0, 90), "application/json"],
  ["HTML with status 200", "<html><body>Bad gateway</body></html>", "text/html"],
  ["an empty body", "", "application/json"],
  ["JSON that is no object", "[1, 2, 3]", "application/json"],
  ["a negative count", chatAnswer({ prompt_tokens: -5, completion_tokens: 3 }), "application/json"],
  [
    "an absurd count",
    chatAnswer({ prompt_tokens: 5, completion_tokens: 1e300 }),
    "application/json",
  ],
  [
    "a count that is text",
    chatAnswer({ prompt_tokens: "5", completion_tokens: 3 }),
    "application/json",
  ],
  ["usage that is no object", chatAnswer("lots"), "application/json"],
];

describe("a bad JSON answer", () => {
  test.each(BODIES)(
    "%s: the app gets its bytes, the call is booked, diag says why",
    async (_name, rawBody, rawContentType) => {
      const rig = await createRig({ provider: { script: { rawBody, rawContentType } } });
      const response = await rig.chat();
      expect(await response.text()).toBe(rawBody);
      expect(rig.events).toHaveLength(1);
      expect(rig.events[0]?.estimated).toBe(true);
      expect(rig.events[0]?.cost.totalNanoUsd).toBeGreaterThan(0);
      expect(warnings.join("\n")).toContain("openai.chat answer of 127.0.0.1");
    },
  );

  test("what json() throws is what it throws without us", async () => {
    const rig = await createRig({
      provider: { script: { rawBody: "<html>", rawContentType: "text/html" } },
    });
    const body = JSON.stringify({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "x" }],
    });
    const plain = await fetch(`${rig.provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body,
    });
    const expected = await plain.json().catch((error: unknown) => String(error));
    const actual = await (await rig.chat()).json().catch((error: unknown) => String(error));
    expect(actual).toBe(expected);
    expect(rig.events[0]).toMatchObject({ outcome: "error", errorType: "invalid_response" });
  });
});

const event = (data: string): string => `data: ${data}\n\n`;
const CHUNK = '{"id":"c","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"Hi"}}]}';

const STREAMS: readonly (readonly [string, string])[] = [
  ["an event that is no JSON", event(CHUNK) + event('{"usage":{"prompt') + event("[DONE]")],
  ["no terminal event", event(CHUNK)],
  ["no events at all", "nothing like an event stream"],
  [
    "a negative count",
    event(CHUNK) +
      event('{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":2}}') +
      event("[DONE]"),
  ],
];

describe("a bad stream", () => {
  test.each(STREAMS)(
    "%s: the app gets its bytes, the call is booked, diag says why",
    async (_name, rawBody) => {
      const script = { rawBody, rawContentType: "text/event-stream", split: 3 };
      const rig = await createRig({ provider: { script } });
      expect(await (await rig.chat(STREAMED)).text()).toBe(rawBody);
      expect(rig.events).toHaveLength(1);
      expect(rig.events[0]?.estimated).toBe(true);
      expect(warnings.join("\n")).toContain("openai.chat answer of 127.0.0.1");
    },
  );

  test("an error in mid-stream is the call's error", async () => {
    const rig = await createRig({
      provider: { script: { failAfterChunks: 2, chunks: ["a ", "b ", "c "] } },
    });
    await (await rig.chat(STREAMED)).text();
    expect(rig.events[0]).toMatchObject({ outcome: "error", estimated: true });
    expect(rig.events[0]?.errorType).toBeTypeOf("string");
  });
});

import { createBudgetProcessor } from "@tollgate/budget";
import type { UsageEvent } from "@tollgate/core";
import { startFakeProvider, type ReplyScript } from "@tollgate/testkit";
import * as nodeFetch from "node-fetch";
import { describe, expect, onTestFinished, test } from "vitest";
import { classifySendFailure } from "../src/call/send-failure.ts";
import { createCallMeter } from "../src/index.ts";
import { createFetchModuleHook } from "../src/module/fetch-module.ts";
import { nodeFetchModule } from "../src/module/node-fetch.ts";
import { createRig, STREAMED, USAGE, type Rig } from "./setup.ts";

const ANSWER = { chunks: ["one ", "two ", "three ", "four"], usage: USAGE };

async function bodyOf(
  script: ReplyScript,
): Promise<{ rig: Rig; body: ReadableStream<Uint8Array> }> {
  const rig = await createRig({ provider: { script: { ...ANSWER, ...script } } });
  const { body } = await rig.chat(STREAMED);
  if (body === null) throw new Error("no body");
  return { rig, body };
}

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

const decoded = (body: ReadableStream<Uint8Array>): ReadableStream<string> =>
  body.pipeThrough(new TextDecoderStream());

describe("a body that is piped", () => {
  test("gives the app every byte, and is booked once at its end", async () => {
    const { rig, body } = await bodyOf({ split: "odd" });
    const text = await textOf(decoded(body));
    expect(text).toContain("three ");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(rig.events).toMatchObject([{ outcome: "ok", usage: USAGE, estimated: false }]);
    expect(body.locked).toBe(false);
  });

  test("is an error when its connection breaks, as it is to the app", async () => {
    const { rig, body } = await bodyOf({ closeAfterChunks: 2 });
    await expect(textOf(decoded(body))).rejects.toThrow("terminated");
    expect(rig.events).toMatchObject([{ outcome: "error", estimated: true }]);
  });

  test("is an error when it breaks on its way into a writable", async () => {
    const { rig, body } = await bodyOf({ closeAfterChunks: 2 });
    await expect(body.pipeTo(new WritableStream())).rejects.toThrow("terminated");
    expect(rig.events).toMatchObject([{ outcome: "error" }]);
  });

  test("is a cancel when the app leaves it, and the provider hears of it", async () => {
    const { rig, body } = await bodyOf({ hangAfterChunks: 2 });
    const reader = decoded(body).getReader();
    await reader.read();
    await reader.cancel();
    await rig.provider.requests[0]?.ended;
    expect(rig.provider.requests[0]?.closedByClient).toBe(true);
    expect(rig.events).toMatchObject([{ outcome: "cancelled", estimated: true }]);
  });

  test("fails as ever when it is locked already", async () => {
    const { body } = await bodyOf({});
    const reader = body.getReader();
    await expect(body.pipeTo(new WritableStream())).rejects.toThrow(/locked/);
    expect(() => decoded(body)).toThrow(/locked/);
    await reader.cancel();
  });
});

describe("an abort with a reason of the app's own", () => {
  test.each(["too slow", new Error("too slow"), new TypeError("too slow"), 7])(
    "is a cancel before the head comes: %o",
    async (reason) => {
      const rig = await createRig({ provider: { script: { delayMs: 600_000 } } });
      const { signal, abort } = createAbort(reason);
      const call = rig.chat({}, { signal });
      await expect.poll(() => rig.provider.requests.length).toBe(1);
      abort();
      await expect(call).rejects.toBe(reason);
      expect(rig.events).toMatchObject([{ outcome: "cancelled", estimated: true }]);
    },
  );

  test("is a cancel in the middle of a stream", async () => {
    const rig = await createRig({ provider: { script: { ...ANSWER, hangAfterChunks: 2 } } });
    const { signal, abort } = createAbort("too slow");
    const reader = (await rig.chat(STREAMED, { signal })).body?.getReader();
    await reader?.read();
    abort();
    await expect(readAll(reader)).rejects.toBe("too slow");
    expect(rig.events).toMatchObject([{ outcome: "cancelled", errorType: "AbortError" }]);
  });
});

function createAbort(reason: unknown): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
}

async function readAll(reader: ReadableStreamDefaultReader | undefined): Promise<void> {
  while ((await reader?.read())?.done === false);
}

describe("what a client throws", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

  test.each([
    ["fetch", new TypeError("fetch failed", { cause: refused })],
    ["several tries", new TypeError("fetch failed", { cause: { errors: [refused] } })],
    [
      "HTTP/2",
      Object.assign(new Error("The pending stream has been canceled", { cause: refused }), {
        code: "ERR_HTTP2_STREAM_CANCEL",
      }),
    ],
  ])("a connection refused costs nothing: %s", (_client, error) => {
    const failure = { cancelled: false, unbilled: true, errorType: "ECONNREFUSED" };
    expect(classifySendFailure(error)).toEqual(failure);
  });

  test("node-fetch's own time limit is one that the app has set", () => {
    const late = Object.assign(new Error("timeout"), { name: "FetchError", type: "body-timeout" });
    expect(classifySendFailure(late)).toMatchObject({ cancelled: true, errorType: "FetchError" });
    const broken = Object.assign(new Error("broken"), { name: "FetchError", type: "system" });
    expect(classifySendFailure(broken)).toMatchObject({ cancelled: false, unbilled: false });
  });
});

test("node-fetch's Request is read though it shows its body as a stream", async () => {
  const provider = await startFakeProvider();
  onTestFinished(() => provider.close());
  const events: UsageEvent[] = [];
  const budget = createBudgetProcessor({ policies: [] });
  const meter = createCallMeter({ budget, onUsage: (event) => events.push(event) });
  const exports = { ...nodeFetch };
  createFetchModuleHook(nodeFetchModule, () => meter).patch?.(exports);
  const messages = [{ role: "user", content: "Say something." }];
  const body = JSON.stringify({ model: "gpt-4o-mini", messages });
  const url = `${provider.openaiBaseUrl}/chat/completions`;
  const request = new nodeFetch.Request(url, { method: "POST", body });
  await (await exports.default(request)).json();
  expect(events).toMatchObject([{ requestModel: "gpt-4o-mini", outcome: "ok" }]);
  expect(provider.requests[0]?.bodyText).toBe(body);
});

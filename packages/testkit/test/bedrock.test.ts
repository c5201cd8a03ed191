import { once } from "node:events";
import { connect } from "node:http2";
import { buffer, text as readText } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeProvider, type FakeProvider } from "../src/index.ts";
import { at, joinTexts, post, type Json } from "./wire.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

const MODEL = "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0";
const ASK = { messages: [{ role: "user", content: [{ text: "What is a toll?" }] }] };
const INVOKE = { ...ASK, anthropic_version: "bedrock-2023-05-31", max_tokens: 50 };
const USAGE = { inputTokens: 100, outputTokens: 50, cacheReadTokens: 30, cacheWriteTokens: 10 };

interface Message {
  readonly type: string | undefined;
  readonly kind: string | undefined;
  readonly payload: Json;
}

/** Reads a whole event stream and verifies its checksums. */
async function readMessages(response: Response): Promise<Message[]> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const messages: Message[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + bytes.readUInt32BE(start);
    const headersEnd = start + 12 + bytes.readUInt32BE(start + 4);
    expect(bytes.readUInt32BE(start + 8)).toBe(crc32(bytes.subarray(start, start + 8)));
    expect(bytes.readUInt32BE(end - 4)).toBe(crc32(bytes.subarray(start, end - 4)));
    const headers = new Map<string, string>();
    for (let next = start + 12; next < headersEnd;) {
      const nameEnd = next + 1 + bytes.readUInt8(next);
      const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
      const name = bytes.toString("utf8", next + 1, nameEnd);
      headers.set(name, bytes.toString("utf8", nameEnd + 3, valueEnd));
      next = valueEnd;
    }
    messages.push({
      type: headers.get(":event-type") ?? headers.get(":exception-type"),
      kind: headers.get(":message-type"),
      payload: JSON.parse(bytes.toString("utf8", headersEnd, end - 4)),
    });
    start = end;
  }
  return messages;
}

describe("Converse", () => {
  it("counts cached input apart, and all of it in the total", async () => {
    provider.enqueue({ text: "A fee.", usage: USAGE });
    const response = await post(provider, `${MODEL}/converse`, ASK);
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toMatchObject({
      output: { message: { role: "assistant", content: [{ text: "A fee." }] } },
      stopReason: "end_turn",
      usage: {
        inputTokens: 60,
        cacheReadInputTokens: 30,
        cacheWriteInputTokens: 10,
        outputTokens: 50,
        totalTokens: 150,
      },
    });
  });

  it("streams messages with good checksums, and the counts in the last", async () => {
    provider.enqueue({
      chunks: ["A ", "fee."],
      toolCalls: [{ name: "look_up" }],
      usage: USAGE,
      split: "odd",
    });
    const messages = await readMessages(await post(provider, `${MODEL}/converse-stream`, ASK));
    expect(messages.map(({ type }) => type)).toEqual([
      "messageStart",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockStop",
      "contentBlockStart",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    expect(joinTexts(messages.map(({ payload }) => at(payload, "delta", "text")))).toBe("A fee.");
    expect(at(messages.at(-2)?.payload, "stopReason")).toBe("tool_use");
    expect(at(messages.at(-1)?.payload, "usage", "totalTokens")).toBe(150);
  });

  it("is cut at maxTokens and says so", async () => {
    provider.enqueue({ text: "x".repeat(400) });
    const inferenceConfig = { maxTokens: 5 };
    const response = await post(provider, `${MODEL}/converse`, { ...ASK, inferenceConfig });
    expect(await response.json()).toMatchObject({
      stopReason: "max_tokens",
      usage: { outputTokens: 5 },
    });
  });

  it("names errors in a header, and in the middle of a stream as an exception", async () => {
    provider.enqueue({ status: 429 }, { chunks: ["A ", "fee."], failAfterChunks: 1 });
    const refused = await post(provider, `${MODEL}/converse`, ASK);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-amzn-errortype")).toMatch(/^ThrottlingException:/);
    const messages = await readMessages(await post(provider, `${MODEL}/converse-stream`, ASK));
    expect(messages.at(-1)).toMatchObject({ kind: "exception", type: "internalServerException" });
  });
});

describe("InvokeModel", () => {
  it("answers as the model's maker does, with its own counts in headers", async () => {
    provider.enqueue({ text: "A fee.", usage: USAGE });
    const response = await post(provider, `${MODEL}/invoke`, INVOKE);
    expect(response.headers.get("x-amzn-bedrock-input-token-count")).toBe("60");
    expect(await response.json()).toMatchObject({
      type: "message",
      model: "claude-haiku-4-5-20251001",
      usage: { input_tokens: 60, cache_read_input_tokens: 30, output_tokens: 50 },
    });
  });

  it("streams the maker's events in base64, and its own counts in the last", async () => {
    provider.enqueue({ text: "A fee.", usage: USAGE });
    const path = `${MODEL}/invoke-with-response-stream`;
    const messages = await readMessages(await post(provider, path, INVOKE));
    expect(new Set(messages.map(({ type }) => type))).toEqual(new Set(["chunk"]));
    const events = messages.map(({ payload }): Json => {
      return JSON.parse(Buffer.from(String(payload["bytes"]), "base64").toString());
    });
    expect(at(events[0], "type")).toBe("message_start");
    expect(at(events.at(-1), "amazon-bedrock-invocationMetrics", "inputTokenCount")).toBe(60);
  });
});

describe("HTTP/2", () => {
  it("is spoken with clients that begin with it", async () => {
    provider.enqueue({ text: "A fee." });
    const session = connect(provider.url);
    const headers = { ":method": "POST", ":path": `${MODEL}/converse`, "x-mine": "yes" };
    const stream = session.request(headers).end(JSON.stringify(ASK));
    const [head] = await once(stream, "response");
    expect(head[":status"]).toBe(200);
    expect(await readText(stream)).toContain("A fee.");
    session.close();
    const request = provider.requests.at(-1);
    await request?.ended;
    expect(request).toMatchObject({
      method: "POST",
      closedByClient: false,
      api: "bedrock.converse",
    });
    expect(Object.keys(request?.headers ?? {})).toEqual(["x-mine"]);
  });

  it("tells of a client that goes away, and of its own going away", async () => {
    provider.enqueue({ hangAfterChunks: 2 }, { closeAfterChunks: 2 });
    const session = connect(provider.url);
    const ask = (): ReturnType<typeof session.request> =>
      session
        .request({ ":method": "POST", ":path": `${MODEL}/converse-stream` })
        .end(JSON.stringify(ASK));
    const left = ask();
    await once(left, "data");
    left.close();
    await provider.requests.at(-1)?.ended;
    expect(provider.requests.at(-1)?.closedByClient).toBe(true);
    const lost = ask();
    const closed = once(session, "close");
    await buffer(lost).catch(() => undefined);
    await closed;
    expect(provider.requests.at(-1)?.closedByClient).toBe(false);
  });
});

describe("what is no call of a model", () => {
  it("is answered as OpenAI and Anthropic do: files, and lists in pages", async () => {
    const form = new FormData();
    form.set("file", new Blob(["{}"]), "a.jsonl");
    const uploaded = await fetch(`${provider.url}/v1/files`, { method: "POST", body: form });
    expect(await uploaded.json()).toMatchObject({ id: "file-0", object: "file" });
    const last = await fetch(`${provider.url}/v1/models?after_id=file-3`);
    expect(await last.json()).toMatchObject({ data: [{ id: "file-4" }], has_more: false });
  });

  it("a transcription reads its model from a form and counts audio", async () => {
    provider.enqueue({ text: "Hello.", usage: { inputTokens: 30, outputTokens: 5 } });
    const form = new FormData();
    form.set("model", "gpt-4o-transcribe");
    form.set("file", new Blob(["sound"]), "speech.mp3");
    const url = `${provider.openaiBaseUrl}/audio/transcriptions`;
    const answer: unknown = await (await fetch(url, { method: "POST", body: form })).json();
    expect(answer).toMatchObject({ text: "Hello.", usage: { input_tokens: 30, output_tokens: 5 } });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeProvider, type FakeApi, type FakeProvider } from "../src/index.ts";
import { at, joinTexts, post, readEvents, type Json } from "./wire.ts";

const ASKED = { model: "some-model", messages: [{ role: "user", content: "What is a toll?" }] };
const USAGE = { inputTokens: 100, outputTokens: 50, cacheReadTokens: 30 };

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

interface Chat {
  readonly api: FakeApi;
  readonly path: string;
  /** Where an answer has its text. */
  readonly text: readonly (string | number)[];
  /** Where an event of a stream has a piece of it. */
  readonly piece: readonly (string | number)[];
  readonly counts: Json;
  /** Where an event has the counts. */
  readonly countsIn: readonly string[];
}

const OPENAI_TEXT = {
  text: ["choices", 0, "message", "content"],
  piece: ["choices", 0, "delta", "content"],
};
const CHATS: readonly Chat[] = [
  {
    api: "mistral.chat",
    path: "/mistral/v1/chat/completions",
    ...OPENAI_TEXT,
    counts: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
    countsIn: ["usage"],
  },
  {
    api: "groq.chat",
    path: "/openai/v1/chat/completions",
    ...OPENAI_TEXT,
    counts: { prompt_tokens: 100, completion_tokens: 50, queue_time: expect.any(Number) },
    countsIn: ["usage"],
  },
  {
    api: "together.chat",
    path: "/together/v1/chat/completions",
    ...OPENAI_TEXT,
    counts: { prompt_tokens: 100, completion_tokens: 50, cached_tokens: 30 },
    countsIn: ["usage"],
  },
  {
    api: "cohere.chat",
    path: "/v2/chat",
    text: ["message", "content", 0, "text"],
    piece: ["delta", "message", "content", "text"],
    counts: { billed_units: { input_tokens: 100, output_tokens: 50 }, cached_tokens: 30 },
    countsIn: ["delta", "usage"],
  },
];

describe.each(CHATS)("$api", ({ api, path, text, piece, counts, countsIn }) => {
  it("answers with its own shape of text and counts", async () => {
    provider.enqueue({ text: "A fee.", usage: USAGE });
    const body: unknown = await (await post(provider, path, ASKED)).json();
    expect(provider.requests.at(-1)?.api).toBe(api);
    expect(at(body, ...text)).toBe("A fee.");
    expect(at(body, "usage")).toMatchObject(counts);
  });

  it("streams the same, with counts that nobody has to ask for", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], usage: USAGE });
    const response = await post(provider, path, { ...ASKED, stream: true });
    const events = await readEvents(response);
    expect(joinTexts(events.map(({ data }) => at(data, ...piece)))).toBe("A fee.");
    const counted = events.filter(
      ({ data }) => typeof at(data, ...countsIn, ...first(counts)) !== "undefined",
    );
    expect(counted).toHaveLength(1);
    expect(at(counted[0]?.data, ...countsIn)).toMatchObject(counts);
  });
});

const first = (counts: Json): string[] => Object.keys(counts).slice(0, 1);

it("Groq gives a stream's counts a second time", async () => {
  provider.enqueue({ usage: USAGE });
  const response = await post(provider, "/openai/v1/chat/completions", { ...ASKED, stream: true });
  const events = await readEvents(response);
  const last = events.at(-2)?.data;
  expect(at(last, "x_groq", "usage")).toEqual(at(last, "usage"));
});

it("Cohere names its tool calls in three events and ends with their reason", async () => {
  provider.enqueue({ toolCalls: [{ name: "look_up", arguments: { word: "toll" } }] });
  const events = await readEvents(await post(provider, "/v2/chat", { ...ASKED, stream: true }));
  const types = new Set(events.map(({ event }) => event));
  expect([...types]).toEqual([
    "message-start",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "message-end",
  ]);
  expect(at(events.at(-1)?.data, "delta", "finish_reason")).toBe("TOOL_CALL");
});

const read = async (more: Json): Promise<unknown[]> => {
  const response = await post(provider, "/api/chat", { ...ASKED, ...more });
  const text = await response.text();
  return text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
};

describe("ollama.chat", () => {
  it("streams lines of JSON unless asked not to, and counts in the last", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], usage: USAGE });
    const lines = await read({});
    expect(joinTexts(lines.map((line) => at(line, "message", "content")))).toBe("A fee.");
    expect(lines.map((line) => at(line, "done"))).toEqual([false, false, true]);
    expect(lines.at(-1)).toMatchObject({ prompt_eval_count: 100, eval_count: 50 });
    expect(provider.requests.at(-1)?.api).toBe("ollama.chat");
  });

  it("answers in one object with `stream: false`, and obeys `num_predict`", async () => {
    provider.enqueue({ text: "A fee that is asked for at a gate." });
    const [answer] = await read({ stream: false, options: { num_predict: 2 } });
    expect(answer).toMatchObject({ done: true, done_reason: "length" });
  });

  it("says an error as one line", async () => {
    provider.enqueue({ chunks: ["A ", "fee."], failAfterChunks: 1, errorMessage: "out of memory" });
    const lines = await read({});
    expect(lines.at(-1)).toEqual({ error: "out of memory" });
  });
});

it.each([
  ["/mistral/v1/chat/completions", { object: "error", type: "rate_limited", code: "1300" }],
  ["/v2/chat", { id: expect.any(String), message: expect.any(String) }],
  ["/api/chat", { error: expect.any(String) }],
])("%s says errors in its own shape", async (path, shape) => {
  provider.enqueue({ status: 429 });
  const response = await post(provider, path, ASKED);
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject(shape);
});

const embed = async (more: Json): Promise<unknown> => {
  provider.enqueue({ usage: { inputTokens: 12 } });
  const asked = { model: "text-embedding-3-small", ...more };
  return (await post(provider, "/v1/embeddings", asked)).json();
};

describe("openai.embeddings", () => {
  it("gives one vector for each text, and counts the input", async () => {
    const body = await embed({ input: ["one", "two"] });
    expect(body).toMatchObject({
      object: "list",
      data: [{ index: 0 }, { index: 1 }],
      usage: { prompt_tokens: 12, total_tokens: 12 },
    });
  });

  it("packs vectors as base64 when asked", async () => {
    const body = await embed({ input: "one", encoding_format: "base64" });
    const vector = at(body, "data", 0, "embedding");
    expect(Buffer.from(String(vector), "base64")).toHaveLength(32);
  });
});

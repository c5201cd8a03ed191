import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createUsageChunkFilter,
  injectUsageOption,
  matchCall,
  needsUsageOption,
} from "../src/index.ts";
import { CHAT_USAGE_CHUNK, chatChunk, COMPLETIONS_STREAM, dataEvents } from "./wire-samples.ts";

const OPTION = '"stream_options":{"include_usage":true}';
const CHAT = { model: "m", messages: [{ role: "user", content: "Hi" }], stream: true };

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What comes out, piece by piece, of a stream cut at the given offsets. */
function filter(stream: string, cuts: readonly number[] = []): readonly string[] {
  const bytes = encode(stream);
  const filtering = createUsageChunkFilter();
  const ends = [...cuts, bytes.length].filter((cut) => cut <= bytes.length);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    pieces.push(filtering.push(bytes.slice(start, end)));
    start = end;
  }
  pieces.push(filtering.end());
  return pieces.map((piece) => Buffer.from(piece).toString("latin1"));
}
const filtered = (stream: string, cuts?: readonly number[]): string =>
  Buffer.from(filter(stream, cuts).join(""), "latin1").toString("utf8");

describe("the usage option", () => {
  it("is put in front of a streamed chat request, every other byte as it was", () => {
    const body = ` \n{ "model" : "m",\t"messages":[ ],"stream": true }\n`;
    expect(injectUsageOption(body)).toBe(
      ` \n{${OPTION}, "model" : "m",\t"messages":[ ],"stream": true }\n`,
    );
    expect(injectUsageOption('\uFEFF{"stream":true,"prompt":"Hi"}')).toBe(
      `\uFEFF{${OPTION},"stream":true,"prompt":"Hi"}`,
    );
  });

  it("parses to the same request with the option, for any request", () => {
    const other = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
    fc.assert(
      fc.property(other, fc.constantFrom(0, 1, "\t"), (more, indent) => {
        const request = { ...more, ...CHAT };
        fc.pre(!("stream_options" in request) && !("data_sources" in request));
        const injected = injectUsageOption(JSON.stringify(request, null, indent));
        expect(JSON.parse(injected ?? "")).toEqual({
          ...JSON.parse(JSON.stringify(request)),
          stream_options: { include_usage: true },
        });
      }),
    );
  });

  it.each([
    { ...CHAT, stream: false },
    { ...CHAT, stream: "true" },
    { ...CHAT, stream: undefined },
    { ...CHAT, stream_options: { include_usage: false } },
    { ...CHAT, stream_options: null },
    { ...CHAT, messages: undefined },
    { ...CHAT, messages: undefined, prompt: { id: "stored" } },
    { ...CHAT, data_sources: [] },
    { messages: [CHAT] },
    [CHAT],
  ])("is not put into %j", (request) => {
    expect(injectUsageOption(JSON.stringify(request))).toBeUndefined();
  });

  it("is not put into a request that says it in escapes, or unsays its stream", () => {
    expect(
      injectUsageOption(String.raw`{"messages":[],"stream":true,"stream_\u006fptions":{}}`),
    ).toBeUndefined();
    expect(injectUsageOption('{"messages":[],"stream":true,"stream":false}')).toBeUndefined();
  });

  it.each([
    ["https://api.openai.com/v1/chat/completions", true],
    ["https://api.openai.com/v1/completions", true],
    ["https://api.openai.com/v1/responses", false],
    ["https://api.openai.com/v1/embeddings", false],
    ["https://api.together.xyz/v1/chat/completions", true],
    ["https://openrouter.ai/api/v1/chat/completions", false],
    ["https://api.perplexity.ai/chat/completions", false],
    ["http://localhost:8000/v1/chat/completions", false],
    ["https://a.openai.azure.com/openai/v1/chat/completions", true],
    ["https://a.services.ai.azure.com/openai/v1/chat/completions?api-version=preview", true],
    ["https://a.services.ai.azure.com/models/chat/completions", false],
    ["https://a.openai.azure.com/openai/deployments/d/chat/completions", false],
    [
      "https://a.openai.azure.com/openai/deployments/d/chat/completions?x=1&api-version=2024-02-01",
      false,
    ],
    [
      "https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
      true,
    ],
    [
      "https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-09-01-preview",
      true,
    ],
  ])("is needed and borne at %s: %s", (url, needed) => {
    for (const form of [url, new URL(url)]) {
      const call = matchCall("POST", form);
      expect(call && needsUsageOption(call, form)).toBe(needed);
    }
  });

  it("is needed by a server that is declared to be vLLM", () => {
    const url = "http://localhost:8000/v1/chat/completions";
    const call = matchCall("POST", url, [{ host: "localhost:8000", provider: "vllm" }]);
    expect(call && needsUsageOption(call, url)).toBe(true);
  });
});

describe("the usage chunk's filter", () => {
  const chunks = ["Good", ' "choices":[] ', "ぎ\n", ""].map((content) => chatChunk({ content }));
  const before = dataEvents(...chunks, chatChunk({}, "stop"));
  const usage = dataEvents(CHAT_USAGE_CHUNK);
  const done = dataEvents("[DONE]");

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("takes out that chunk and no other byte, however the stream is cut, with %s", (_name, end) => {
    const whole = (before + usage + done).replaceAll("\n", end);
    const rest = (before + done).replaceAll("\n", end);
    expect(filtered(whole)).toBe(rest);
    expect(filtered(whole, [...encode(whole).keys()])).toBe(rest);
    const cut = fc.nat(encode(whole).length);
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 30 }), (cuts) => {
        expect(filtered(whole, cuts)).toBe(rest);
      }),
    );
  });

  it("takes it out wherever it stands, and when nothing follows", () => {
    expect(filtered(usage + before + usage + usage)).toBe(before);
    expect(filtered(before + usage.trimEnd())).toBe(before);
    expect(filtered(before + usage.trimEnd(), [5, before.length + 9])).toBe(before);
  });

  it("takes it out of a stream of completions", () => {
    const events = COMPLETIONS_STREAM.split(/(?<=\n\n)/);
    expect(filtered(COMPLETIONS_STREAM)).toBe(events.toSpliced(-2, 1).join(""));
  });

  it.each([
    { choices: [], usage: null },
    { choices: [], prompt_filter_results: [] },
    { choices: [{ index: 0, delta: {} }], usage: { prompt_tokens: 1 } },
    { usage: { prompt_tokens: 1 } },
    { nested: { choices: [], usage: {} } },
  ])("leaves %j in", (event) => {
    const stream = dataEvents(event) + done;
    expect(filtered(stream)).toBe(stream);
  });

  it("leaves any bytes as they are, however they are cut", () => {
    const line = fc.constantFrom(
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "data: ",
      "{",
      '"choices":[]',
      "é",
      "x",
    );
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(80)), (lines, cuts) => {
        const stream = lines.join("");
        expect(filtered(stream, cuts)).toBe(stream);
      }),
    );
  });

  it("gives a whole event back at once, and no beginning of one", () => {
    const events = before.split(/(?<=\n\n)/).filter((event) => event !== "");
    const ends = events.map((_event, index) => encode(events.slice(0, index + 1).join("")).length);
    const out = filter(before, ends);
    expect(out.slice(0, events.length).map((piece) => piece.length)).toEqual(
      events.map((event) => encode(event).length),
    );
    expect(filter(before, [10])[0]).toBe("");
  });

  it("lets what is too long to be held pass as it comes", () => {
    const long = `data: ${"x".repeat(200_000)}\n\n`;
    const out = filter(long + usage + done, [100_000, 150_000, 199_999]);
    expect(out.slice(0, 3).map((piece) => piece.length)).toEqual([100_000, 50_000, 49_999]);
    expect(out.join("")).toBe(long + done);
  });
});

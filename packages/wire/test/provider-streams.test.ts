import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COHERE_LINES,
  COHERE_STREAM,
  cohereChat,
  cohereChatV1,
  GEMINI_ARRAY,
  GEMINI_PARTS,
  GEMINI_STREAM,
  geminiStream,
  INTERACTION_STREAM,
  interactions,
  OLLAMA_LINES,
  ollamaChat,
  ollamaLine,
  reading,
} from "./provider-samples.ts";
import { readStream } from "./wire-samples.ts";

const array = reading(geminiStream, "application/json; charset=UTF-8");
const v1 = reading(cohereChatV1, "application/stream+json");

const STREAMS = [
  { name: "lines of Ollama", api: ollamaChat, stream: OLLAMA_LINES },
  { name: "lines of Cohere", api: v1, stream: COHERE_LINES },
  { name: "an array of Gemini", api: array, stream: GEMINI_ARRAY },
  { name: "events of Gemini", api: geminiStream, stream: GEMINI_STREAM },
  { name: "events of interactions", api: interactions, stream: INTERACTION_STREAM },
  { name: "events of Cohere", api: cohereChat, stream: COHERE_STREAM },
  { name: "an array on one line", api: array, stream: JSON.stringify(GEMINI_PARTS) },
];
const LINE_ENDS = ["\n", "\r\n", "\r"];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(STREAMS)("$name", ({ api, stream }) => {
  const whole = readStream(api, stream);

  it("are read to their end", () => {
    expect(whole).toMatchObject({ complete: true, problems: [] });
    expect(whole.usage?.inputTokens).toBeGreaterThan(0);
  });

  it("say the same however they are cut", () => {
    const cut = fc.nat(encode(stream).length);
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 40 }), fc.constantFrom(...LINE_ENDS), (cuts, end) => {
        expect(readStream(api, stream.replaceAll("\n", end), cuts)).toEqual(whole);
      }),
    );
    expect(readStream(api, stream, [...encode(stream).keys()])).toEqual(whole);
  });

  it("say the same of a beginning, whatever happened before", () => {
    const bytes = encode(stream);
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const reader = api.createStreamReader();
        reader.write(bytes.slice(0, first));
        reader.end();
        reader.write(bytes.slice(first, second));
        expect(reader.end()).toEqual(readStream(api, bytes.slice(0, second)));
        reader.write(bytes.slice(second));
        expect(reader.end()).toEqual(whole);
      }),
    );
  });

  it("need no line end at their end", () => {
    expect(readStream(api, stream.trimEnd())).toEqual(whole);
    expect(readStream(api, `${stream}\n\n`)).toEqual(whole);
  });

  it("are not complete before it", () => {
    const cut = stream.slice(0, Math.floor(stream.length / 2));
    expect(readStream(api, cut).complete).toBe(false);
  });

  it("never throw, whatever bytes come", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 })),
        fc.nat(stream.length),
        (chunks, at) => {
          const reader = api.createStreamReader();
          reader.write(encode(stream.slice(0, at)));
          for (const chunk of chunks) reader.write(chunk);
          expect(reader.end().outputChars).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("never throw, whatever JSON comes", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), (values, indent) => {
        const text = values.map((value) => JSON.stringify(value, null, indent)).join("\n");
        expect(readStream(api, text).usage).toBeUndefined();
        for (const value of values) expect(api.readJson(value).usage).toBeUndefined();
      }),
    );
  });
});

describe("a stream of JSON objects", () => {
  const last = JSON.stringify(
    ollamaLine("", { done: true, done_reason: "stop", prompt_eval_count: 2, eval_count: 3 }),
  );
  const used = { usage: { inputTokens: 2, outputTokens: 3 }, complete: true };

  it("says the same in an array as in events", () => {
    expect(readStream(array, GEMINI_ARRAY)).toEqual(readStream(geminiStream, GEMINI_STREAM));
  });

  it("may be one object, printed in any way", () => {
    for (const indent of [0, 2, "\t"]) {
      const text = JSON.stringify(JSON.parse(last), null, indent);
      expect(readStream(ollamaChat, text)).toMatchObject({ ...used, problems: [] });
    }
  });

  it("may have several objects on a line, and empty lines", () => {
    const first = JSON.stringify(ollamaLine("Hi"));
    const facts = readStream(ollamaChat, `\n\n${first}${first} ${first}\r\n\r\n${last}`);
    expect(facts).toMatchObject({ ...used, outputChars: 6, problems: [] });
  });

  it.each([
    ["nothing of JSON", "oops"],
    ["a scalar", "5"],
    ["an object that is cut", '{"model":"m","message":{"content":"a'],
    ["an object that is cut behind a brace", '{"model":"m","message":{'],
    ["a stray brace", "}"],
  ])("goes on after a line with %s", (_what, broken) => {
    const facts = readStream(ollamaChat, `${broken}\n${last}\n`);
    expect(facts).toMatchObject({ ...used, problems: ["an event is not a JSON object"] });
  });

  it("notes that it ends inside an object", () => {
    const facts = readStream(ollamaChat, OLLAMA_LINES.slice(0, 200));
    expect(facts).toMatchObject({ complete: false, problems: ["the stream ends inside an event"] });
  });

  it("has nothing wrong with it before its first byte", () => {
    expect(readStream(ollamaChat, "")).toMatchObject({ complete: false, problems: [] });
  });

  it("counts text the same whether lines look alike or not", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        const alike = texts.map((text) => ollamaLine(text));
        const unlike = alike.map((line, index) => ({ ...line, [`x${index}`]: index }));
        const [a, b] = [alike, unlike].map((values) =>
          readStream(ollamaChat, values.map((value) => `${JSON.stringify(value)}\n`).join("")),
        );
        expect(a).toEqual(b);
        expect(a?.outputChars).toBe(texts.reduce((sum, text) => sum + text.length, 0));
      }),
    );
  });

  it("survives an object of many megabytes on many lines", () => {
    const text = '\\"{\\n'.repeat(500_000);
    const object = `{\n"message":\n {"content":"${text}"},\n"done":false\n}\n`;
    const facts = readStream(ollamaChat, `${object}${last}`, [1_000_000, 2_000_000]);
    expect(facts).toMatchObject({ ...used, outputChars: 1_500_000, problems: [] });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALL_APIS,
  CHAT_STREAM,
  chat,
  chatChunk,
  completions,
  COMPLETIONS_STREAM,
  dataEvents,
  images,
  IMAGES_STREAM,
  MESSAGES_STREAM,
  messages,
  readStream,
  RESPONSES_STREAM,
  responses,
  speech,
  SPEECH_STREAM,
  TRANSCRIPT_STREAM,
  transcriptions,
} from "./wire-samples.ts";

const STREAMS = [
  { name: "chat", api: chat, stream: CHAT_STREAM },
  { name: "responses", api: responses, stream: RESPONSES_STREAM },
  { name: "messages", api: messages, stream: MESSAGES_STREAM },
  { name: "completions", api: completions, stream: COMPLETIONS_STREAM },
  { name: "images", api: images, stream: IMAGES_STREAM },
  { name: "speech", api: speech, stream: SPEECH_STREAM },
  { name: "transcriptions", api: transcriptions, stream: TRANSCRIPT_STREAM },
];
const LINE_ENDS = [
  { name: "LF", end: "\n" },
  { name: "CRLF", end: "\r\n" },
  { name: "CR", end: "\r" },
];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const everyByte = (stream: string): readonly number[] => [...encode(stream).keys()];

describe.each(STREAMS)("a stream of $name", ({ api, stream }) => {
  const whole = readStream(api, stream);

  it.each(LINE_ENDS)("says the same byte for byte as at once, with $name", ({ end }) => {
    const lines = stream.replaceAll("\n", end);
    expect(readStream(api, lines)).toEqual(whole);
    expect(readStream(api, lines, everyByte(lines))).toEqual(whole);
  });

  it("says the same however it is cut", () => {
    const cut = fc.nat(encode(stream).length);
    fc.assert(
      fc.property(
        fc.array(cut, { maxLength: 40 }),
        fc.constantFrom(...LINE_ENDS),
        (cuts, { end }) => {
          expect(readStream(api, stream.replaceAll("\n", end), cuts)).toEqual(whole);
        },
      ),
    );
  });

  it("says the same when it is longer than a block and cut anywhere", () => {
    const long = stream.replace(
      /(?<=\n\n)/,
      stream.split("\n\n").slice(2, 6).join("\n\n").concat("\n\n").repeat(400),
    );
    const expected = readStream(api, long);
    const cut = fc.nat(encode(long).length);
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 20 }), (cuts) => {
        expect(readStream(api, long, cuts)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it("says the same of a beginning, whatever happened before", () => {
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

  it("does not need the blank line at its end, nor any line end", () => {
    expect(readStream(api, stream.trimEnd())).toEqual(whole);
    expect(readStream(api, `${stream.trimEnd()}\n`)).toEqual(whole);
  });

  it("is not complete before its end", () => {
    const cut = stream.slice(0, Math.floor(stream.length / 2));
    expect(readStream(api, cut).complete).toBe(false);
  });

  it("never throws, whatever bytes come", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 })),
        fc.nat(stream.length),
        (chunks, at) => {
          const reader = api.createStreamReader();
          reader.write(encode(stream.slice(0, at)));
          for (const chunk of chunks) reader.write(chunk);
          const facts = reader.end();
          expect(facts.outputChars).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("never throws, whatever JSON comes", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.string(), (values, name) => {
        const events = values.map((value) => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
        const facts = readStream(api, events.join(""));
        expect(facts.complete).toBe(false);
        for (const value of values) expect(api.readJson(value).usage).toBeUndefined();
      }),
    );
  });

  it("never throws when any one value of it is something else", () => {
    const events = stream.split("\n\n");
    fc.assert(
      fc.property(fc.nat(200), fc.jsonValue(), (position, value) => {
        let seen = 0;
        const changed = events.map((event) =>
          event.replaceAll(/(?<=":)("[^"]*"|\d+|null)(?=[,}])/g, (old) =>
            seen++ === position ? JSON.stringify(value) : old,
          ),
        );
        expect(readStream(api, changed.join("\n\n")).outputChars).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe.each(ALL_APIS)("any answer of $id", (api) => {
  it("never throws, whatever the JSON, and makes no usage up", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, usage) => {
        expect(api.readJson(value).usage).toBeUndefined();
        const facts = api.readJson({ data: [], results: [], choices: [], usage });
        expect(facts.usage).toBeUndefined();
        expect(facts.providerCostNanoUsd).toBeUndefined();
      }),
    );
  });
});

describe("an event stream", () => {
  const done = "data: [DONE]\n\n";

  it("may start with a byte order mark, even one that is cut", () => {
    const bytes = encode(`\uFEFF${CHAT_STREAM}`);
    expect(readStream(chat, bytes, [1, 2, 3])).toEqual(readStream(chat, CHAT_STREAM));
  });

  it("may have comments, other fields and no space after the colon", () => {
    const stream = dataEvents(chatChunk({ content: "Hi" }, "stop"), "[DONE]");
    const odd = `: PROCESSING\n\nretry: 10\nid: 7\nunknown: x\n${stream.replaceAll("data: ", "data:")}`;
    expect(readStream(chat, odd)).toEqual(readStream(chat, stream));
  });

  it("may have an event on several data lines", () => {
    const pretty = JSON.stringify(chatChunk({ content: "Hi" }, "stop"), null, 2);
    const lines = pretty.split("\n").map((line) => `data: ${line}\n`);
    expect(readStream(chat, `${lines.join("")}\n${done}`)).toMatchObject({
      finishReasons: ["stop"],
      outputChars: 2,
      complete: true,
      problems: [],
    });
  });

  it("goes on after an event that is not JSON, and notes it once", () => {
    const stream = `data: {"choices": [\n\ndata: oops\n\ndata: 5\n\n${CHAT_STREAM}`;
    const facts = readStream(chat, stream);
    expect(facts.problems).toEqual(["an event is not a JSON object"]);
    expect(facts.usage).toMatchObject({ inputTokens: 21 });
  });

  it("notes that it ends inside an event", () => {
    const facts = readStream(chat, CHAT_STREAM.slice(0, 300));
    expect(facts).toMatchObject({ complete: false, problems: ["the stream ends inside an event"] });
  });

  it("notes that it is none", () => {
    const html = "<!doctype html>\n<title>502</title>\n\n<p>Bad gateway</p>\n";
    expect(readStream(chat, html)).toMatchObject({
      complete: false,
      problems: ["the answer is not an event stream"],
    });
    expect(readStream(chat, '{"choices":[]}').problems).toHaveLength(1);
  });

  it("has nothing wrong with it before its first byte", () => {
    expect(readStream(chat, "")).toMatchObject({ complete: false, problems: [] });
  });

  it("reads escaped and plain text to the same length", () => {
    const text = 'é漢🌞"\\\n\u0001\u2028';
    const escaped = JSON.stringify(text).replaceAll(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    for (const content of [JSON.stringify(text), escaped]) {
      const event = `data: {"choices":[{"index":0,"delta":{"content":${content}}}]}\n\n`;
      expect(readStream(chat, event.repeat(5)).outputChars).toBe(5 * text.length);
    }
  });

  it("counts text the same whether events look alike or not", () => {
    const piece = fc.record({
      key: fc.constantFrom("content", "reasoning", "refusal"),
      text: fc.string({ unit: "binary" }),
    });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const alike = pieces.map(({ key, text }) => chatChunk({ [key]: text }));
        const unlike = alike.map((event, index) => ({ ...event, [`x${index}`]: index }));
        const facts = readStream(chat, dataEvents(...alike));
        expect(facts).toEqual(readStream(chat, dataEvents(...unlike)));
        expect(facts.outputChars).toBe(pieces.reduce((sum, { text }) => sum + text.length, 0));
      }),
    );
  });

  it("survives an event of many megabytes", () => {
    const content = '\\"\\n'.repeat(1_000_000);
    const event = `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
    const facts = readStream(chat, `${event.repeat(2)}${done}`, [1_000_000, 5_000_000]);
    expect(facts).toMatchObject({ outputChars: 4_000_000, complete: true, problems: [] });
  });

  it("drops a line that never ends, and reads what follows it", () => {
    const reader = chat.createStreamReader();
    const megabyte = new Uint8Array(1_048_576).fill(0x20);
    reader.write(encode("data: {"));
    for (let count = 0; count < 40; count++) reader.write(megabyte);
    reader.write(encode(`}\n\n${CHAT_STREAM}`));
    expect(reader.end()).toMatchObject({
      usage: { inputTokens: 21 },
      complete: true,
      problems: ["an event is too long to be read"],
    });
  });
});

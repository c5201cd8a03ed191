import * as fc from "fast-check";
import { expect, test } from "vitest";
import { API_IDS, contentReader, fitContent, type ContentReader } from "../src/index.ts";
import { utf8Length } from "../src/json/utf8-length.ts";
import { readerOf } from "./content-samples.ts";
import { dataEvents, from } from "./wire-samples.ts";

const READERS: readonly (readonly [string, ContentReader])[] = API_IDS.flatMap((id) => {
  const reader = contentReader(id);
  return reader === undefined ? [] : [[id, reader] as const];
});

/** Names that the readers look for, so that nonsense gets far. */
const KEYS =
  "messages contents input system tools choices message delta content parts role type text tool_calls " +
  "function name arguments output item candidates functionCall source image toolUse toolResult prompt " +
  "reasoningContent image_url url data index thinking summary instructions response __proto__";
const key = fc.constantFrom(...KEYS.split(" "));
const leaf = fc.oneof(
  fc.constantFrom("text", "tool_use", "image", "function_call", "content_block_start", "__proto__"),
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { nonsense } = fc.letrec<{ nonsense: unknown }>((tie) => ({
  nonsense: fc.oneof(
    { depthSize: "medium" },
    leaf,
    fc.array(tie("nonsense"), { maxLength: 4 }),
    fc.dictionary(key, tie("nonsense"), { maxKeys: 6 }),
  ),
}));

test.each(READERS)("nothing that %s could send makes its reader throw", (_id, reader) => {
  fc.assert(
    fc.property(fc.dictionary(key, nonsense), fc.string(), (value, text) => {
      reader.readRequest(text);
      reader.readRequest(JSON.stringify(value));
      reader.readAnswer(value);
      reader.readAnswer([value, text]);
      const stream = reader.createStream({ limitChars: 1_000, source: from("x") });
      stream.write(new TextEncoder().encode(`${dataEvents(value)}${text}`));
      expect(() => JSON.stringify(stream.end())).not.toThrow();
    }),
  );
});

test("what a stream says does not depend on where it is cut", () => {
  const events = dataEvents(
    ...["Grüße ", "👋🏽", " and ", "more"].map((content) => ({
      choices: [{ index: 0, delta: { content } }],
    })),
  );
  const bytes = new TextEncoder().encode(events);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      const stream = readerOf("openai.chat").createStream({ limitChars: 1_000 });
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        stream.write(bytes.subarray(at, at + size));
        at += size;
      }
      expect(stream.end()[0]?.parts).toEqual([{ type: "text", content: "Grüße 👋🏽 and more" }]);
    }),
  );
});

const part = fc.oneof(
  fc.record({ type: fc.constant("text"), content: fc.string({ unit: "binary", maxLength: 400 }) }),
  fc.record({ type: fc.constant("tool_call"), name: fc.string(), arguments: fc.jsonValue() }),
  fc.record({ type: fc.constant("tool_call_response"), response: fc.jsonValue() }),
);
const message = fc.record({ role: fc.constant("user"), parts: fc.array(part, { maxLength: 4 }) });

test("a list keeps its limit, stays JSON of whole characters, and says what it lacks", () => {
  fc.assert(
    fc.property(
      fc.array(message),
      fc.integer({ min: 2, max: 2_000 }),
      fc.constantFrom("first" as const, "last" as const),
      (messages, limitBytes, keep) => {
        const { json, truncated } = fitContent(messages, limitBytes, keep);
        expect(utf8Length(json)).toBeLessThanOrEqual(limitBytes);
        const kept: unknown = JSON.parse(json);
        expect(Array.isArray(kept)).toBe(true);
        const whole = JSON.stringify(messages);
        expect(json === whole).toBe(!truncated);
        expect(truncated).toBe(utf8Length(whole) > limitBytes);
      },
    ),
  );
});

test("a text is cut between characters", () => {
  const messages = [{ role: "user", parts: [{ type: "text", content: "👋".repeat(1_000) }] }];
  const { json, truncated } = fitContent(messages, 300);
  expect(truncated).toBe(true);
  const [said]: { parts: { content: string; truncated: boolean }[] }[] = JSON.parse(json);
  expect(said?.parts[0]?.content).toMatch(/^(👋){50,}$/u);
  expect(said?.parts[0]?.truncated).toBe(true);
});

test("of a conversation the last words are kept, of an answer the first", () => {
  const messages = Array.from({ length: 100 }, (_, n) => ({
    role: "user",
    parts: [{ type: "text", content: `message ${n}` }],
  }));
  expect(fitContent(messages, 500, "last").json).toContain("message 99");
  expect(fitContent(messages, 500, "last").json).not.toContain("message 0");
  expect(fitContent(messages, 500).json).toContain("message 0");
});

test("a definition that is too long keeps its name", () => {
  const definition = { type: "function", name: "search", parameters: { title: "x".repeat(900) } };
  const { json } = fitContent([definition], 256);
  expect(JSON.parse(json)).toEqual([{ type: "function", name: "search", truncated: true }]);
});

import { describe, expect, test } from "vitest";
import { contentReader } from "../src/index.ts";
import {
  ARGS,
  assistant,
  CALL,
  DEFINITION,
  json,
  readerOf,
  SEARCH,
  streamed,
} from "./content-samples.ts";
import { dataEvents } from "./wire-samples.ts";

const delta = (said: object, reason: string | null = null): object => ({
  choices: [{ index: 0, delta: said, finish_reason: reason }],
});

const choiceSaying = (index: number, content: string): object => ({
  choices: [{ index, delta: { content } }],
});

const callOf = (id: string): object =>
  delta({ tool_calls: [{ index: 0, id, function: { name: id, arguments: "{}" } }] });

const part = (args: string, more: object = {}): object =>
  delta({ tool_calls: [{ index: 0, function: { arguments: args }, ...more }] });

describe("chat completions", () => {
  test("reads a conversation with a tool, media and definitions", () => {
    const body = {
      model: "gpt-4o",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          name: "ann",
          content: [
            { type: "text", text: "What is it?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "image_url", image_url: { url: "https://u:p@cdn.test/a.png?key=SECRET#x" } },
            { type: "input_audio", input_audio: { data: "AAA=", format: "wav" } },
            { type: "file", file: { file_id: "file-1" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            { id: "c1", type: "function", function: { name: "search", arguments: ARGS } },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "found" },
      ],
      tools: [
        { type: "function", function: SEARCH },
        { type: "mcp", server_url: "https://x.test?key=SECRET", headers: { a: "SECRET" } },
      ],
    };
    const request = readerOf("openai.chat").readRequest(json(body));
    expect(request).toEqual({
      systemInstructions: [],
      inputMessages: [
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        {
          role: "user",
          name: "ann",
          parts: [
            { type: "text", content: "What is it?" },
            { type: "blob", modality: "image", mime_type: "image/png", content: "", size_bytes: 3 },
            { type: "uri", modality: "image", uri: "https://cdn.test/a.png" },
            { type: "blob", modality: "audio", mime_type: "audio/wav", content: "", size_bytes: 2 },
            { type: "file", modality: "document", file_id: "file-1" },
          ],
        },
        { role: "assistant", parts: [CALL] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "found" }] },
      ],
      toolDefinitions: [DEFINITION, { type: "mcp", name: "mcp" }],
    });
    expect(json(request ?? {})).not.toContain("SECRET");
  });

  const call = { id: "c1", type: "function", function: { name: "search", arguments: ARGS } };

  test.each([
    ["reasoning_content", { reasoning_content: "Let me see.", content: "I will look." }],
    ["reasoning", { reasoning: "Let me see.", content: "I will look." }],
    [
      "Mistral's parts",
      {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "Let me see." }] },
          { type: "text", text: "I will look." },
        ],
      },
    ],
  ])("reads a whole answer with %s", (_name, said) => {
    const message = { role: "assistant", ...said, tool_calls: [call] };
    const answer = { choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    expect(readerOf("openai.chat").readAnswer(answer)).toEqual(assistant("tool_calls"));
  });

  test("puts a stream together", () => {
    const stream = dataEvents(
      delta({ role: "assistant", content: "" }),
      delta({ reasoning_content: "Let me " }),
      delta({ reasoning_content: "see." }),
      delta({ content: "I will" }),
      delta({ content: " look." }),
      delta({ tool_calls: [{ ...call, index: 0, function: { name: "search", arguments: "" } }] }),
      part('{"q":'),
      part('"é"}'),
      delta({}, "tool_calls"),
      "[DONE]",
    );
    expect(streamed("openai.chat", stream)).toEqual(assistant("tool_calls"));
  });

  test("tells calls apart that a server gives one index", () => {
    expect(streamed("openai.chat", dataEvents(callOf("a"), callOf("b")))).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "a", name: "a", arguments: {} },
          { type: "tool_call", id: "b", name: "b", arguments: {} },
        ],
      },
    ]);
  });

  test("keeps the choices of a stream apart, in their order", () => {
    const stream = dataEvents(choiceSaying(1, "b"), choiceSaying(0, "a"), choiceSaying(1, "B"));
    expect(streamed("openai.chat", stream).map(({ parts }) => parts)).toEqual([
      [{ type: "text", content: "a" }],
      [{ type: "text", content: "bB" }],
    ]);
  });

  test("keeps arguments that are not JSON as they are", () => {
    expect(streamed("openai.chat", dataEvents(part('{"q":', { id: "c1" })))).toMatchObject([
      { parts: [{ type: "tool_call", id: "c1", arguments: '{"q":' }] },
    ]);
  });

  test("keeps no more of a stream than its limit, and says so", () => {
    const stream = readerOf("openai.chat").createStream({ limitChars: 100 });
    const bytes = new TextEncoder().encode(dataEvents(delta({ content: "x".repeat(50) })));
    for (let n = 0; n < 1_000; n++) stream.write(bytes);
    const [said] = stream.end();
    expect(said?.parts).toEqual([{ type: "text", content: "x".repeat(36), truncated: true }]);
  });
});

test("completions have a prompt, or many", () => {
  const reader = readerOf("openai.completions");
  expect(reader.readRequest(json({ prompt: ["a", "b", [1, 2]] }))?.inputMessages).toEqual([
    { role: "user", parts: [{ type: "text", content: "a" }] },
    { role: "user", parts: [{ type: "text", content: "b" }] },
  ]);
  expect(reader.readAnswer({ choices: [{ text: "c", finish_reason: "stop" }] })).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "c" }], finish_reason: "stop" },
  ]);
});

test("an API that makes no text has no content", () => {
  expect(contentReader("openai.embeddings")).toBeUndefined();
});

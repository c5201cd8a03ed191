import { describe, expect, test } from "vitest";
import {
  assistant,
  CALL,
  DEFINITION,
  json,
  readerOf,
  SEARCH,
  streamed,
} from "./content-samples.ts";
import { dataEvents, namedEvents } from "./wire-samples.ts";

const geminiChunk = (parts: readonly unknown[], finishReason?: string): object => ({
  candidates: [{ index: 0, content: { role: "model", parts }, finishReason }],
});

const blockDelta = (index: number, said: object): { type: string } =>
  Object.assign({ type: "content_block_delta" }, { index, delta: said });

const blockStart = (index: number, content_block: object): { type: string } =>
  Object.assign({ type: "content_block_start" }, { index, content_block });

describe("Anthropic's Messages", () => {
  test("reads a conversation", () => {
    const body = {
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "Hello" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "c1", name: "search", input: { q: "é" } }],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "c1",
              content: [
                { type: "text", text: "found" },
                {
                  type: "image",
                  source: { type: "base64", media_type: "image/png", data: "AAAA" },
                },
              ],
            },
          ],
        },
      ],
      tools: [
        { name: "search", description: "Searches", input_schema: { type: "object" } },
        { type: "web_search_20250305", name: "web_search" },
      ],
      mcp_servers: [{ url: "https://x.test", authorization_token: "SECRET" }],
    };
    const request = readerOf("anthropic.messages").readRequest(json(body));
    expect(request).toEqual({
      systemInstructions: [{ type: "text", content: "Be brief." }],
      inputMessages: [
        { role: "user", parts: [{ type: "text", content: "Hello" }] },
        { role: "assistant", parts: [CALL] },
        {
          role: "tool",
          parts: [
            {
              type: "tool_call_response",
              id: "c1",
              response: [
                { type: "text", content: "found" },
                {
                  type: "blob",
                  modality: "image",
                  mime_type: "image/png",
                  content: "",
                  size_bytes: 3,
                },
              ],
            },
          ],
        },
      ],
      toolDefinitions: [DEFINITION, { type: "web_search_20250305", name: "web_search" }],
    });
    expect(json(request ?? {})).not.toContain("SECRET");
  });

  test("reads a whole answer", () => {
    const answer = {
      content: [
        { type: "thinking", thinking: "Let me see.", signature: "sig" },
        { type: "text", text: "I will look." },
        { type: "tool_use", id: "c1", name: "search", input: { q: "é" } },
      ],
      stop_reason: "tool_use",
    };
    expect(readerOf("anthropic.messages").readAnswer(answer)).toEqual(assistant("tool_use"));
  });

  test("puts a stream together", () => {
    const stream = namedEvents(
      { type: "message_start", message: { content: [] } },
      blockStart(0, { type: "thinking", thinking: "" }),
      blockDelta(0, { type: "thinking_delta", thinking: "Let me see." }),
      blockDelta(0, { type: "signature_delta", signature: "sig" }),
      blockStart(1, { type: "text", text: "" }),
      blockDelta(1, { type: "text_delta", text: "I will " }),
      blockDelta(1, { type: "text_delta", text: "look." }),
      blockStart(2, { type: "tool_use", id: "c1", name: "search", input: {} }),
      blockDelta(2, { type: "input_json_delta", partial_json: '{"q":' }),
      blockDelta(2, { type: "input_json_delta", partial_json: '"é"}' }),
      { type: "message_delta", delta: { stop_reason: "tool_use" } },
      { type: "message_stop" },
    );
    expect(streamed("anthropic.messages", stream)).toEqual(assistant("tool_use"));
  });
});

describe("Gemini", () => {
  const PARTS = [
    { text: "Let me see.", thought: true },
    { text: "I will look." },
    { functionCall: { id: "c1", name: "search", args: { q: "é" } }, thoughtSignature: "sig" },
  ];

  test("reads a conversation in either spelling", () => {
    const inline = { mime_type: "image/png", data: "AAAA" };
    const fileUri = "https://generativelanguage.googleapis.com/v1beta/files/f1?key=SECRET";
    const request = readerOf("google.generate_content").readRequest(
      json({
        system_instruction: { parts: [{ text: "Be brief." }] },
        contents: [
          {
            role: "user",
            parts: [
              { text: "Hello" },
              { inline_data: inline },
              { fileData: { mimeType: "video/mp4", fileUri } },
            ],
          },
          { role: "model", parts: [PARTS[2]] },
          {
            role: "user",
            parts: [{ functionResponse: { id: "c1", name: "search", response: { out: 1 } } }],
          },
        ],
        tools: [{ functionDeclarations: [SEARCH] }, { googleSearch: {} }],
      }),
    );
    expect(request).toEqual({
      systemInstructions: [{ type: "text", content: "Be brief." }],
      inputMessages: [
        {
          role: "user",
          parts: [
            { type: "text", content: "Hello" },
            { type: "blob", modality: "image", mime_type: "image/png", content: "", size_bytes: 3 },
            {
              type: "uri",
              modality: "video",
              mime_type: "video/mp4",
              uri: "https://generativelanguage.googleapis.com/v1beta/files/f1",
            },
          ],
        },
        { role: "assistant", parts: [CALL] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: { out: 1 } }] },
      ],
      toolDefinitions: [DEFINITION, { type: "googleSearch", name: "googleSearch" }],
    });
    expect(json(request ?? {})).not.toContain("SECRET");
  });

  const CHUNKS = [
    geminiChunk([PARTS[0]]),
    geminiChunk([{ text: "I will " }]),
    geminiChunk([{ text: "look." }, PARTS[2]]),
    geminiChunk([], "STOP"),
  ];

  test("reads a whole answer, and one that a client has collected", () => {
    const reader = readerOf("google.generate_content");
    expect(reader.readAnswer(geminiChunk(PARTS, "STOP"))).toEqual(assistant("STOP"));
    expect(reader.readAnswer(CHUNKS)).toEqual(assistant("STOP"));
  });

  test("puts a stream together, of events or of one array", () => {
    const api = "google.generate_content";
    expect(streamed(api, dataEvents(...CHUNKS))).toEqual(assistant("STOP"));
    const array = JSON.stringify(CHUNKS, undefined, 2);
    expect(streamed(api, array, "application/json")).toEqual(assistant("STOP"));
  });
});

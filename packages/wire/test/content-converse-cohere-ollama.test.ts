import { describe, expect, test } from "vitest";
import {
  ARGS,
  assistant,
  CALL,
  DEFINITION,
  json,
  readerOf,
  SAID,
  SEARCH,
  streamed,
} from "./content-samples.ts";
import { chunk, event, joinBytes } from "./event-stream-samples.ts";
import { namedEvents } from "./wire-samples.ts";

const cohereEvent = (type: string, message: object): { type: string } =>
  Object.assign({ type }, { index: 0, delta: { message } });

const blockDelta = (contentBlockIndex: number, said: object): Uint8Array =>
  event("contentBlockDelta", { contentBlockIndex, delta: said });

describe("Bedrock's Converse", () => {
  const BLOCKS = [
    { reasoningContent: { reasoningText: { text: "Let me see.", signature: "sig" } } },
    { text: "I will look." },
    { toolUse: { toolUseId: "c1", name: "search", input: { q: "é" } } },
  ];

  test("reads a conversation", () => {
    const toolSpec = {
      name: "search",
      description: "Searches",
      inputSchema: { json: SEARCH.parameters },
    };
    const request = readerOf("bedrock.converse").readRequest(
      json({
        system: [{ text: "Be brief." }, { cachePoint: { type: "default" } }],
        messages: [
          {
            role: "user",
            content: [
              { text: "Hello" },
              { image: { format: "png", source: { bytes: "AAAA" } } },
              {
                document: { format: "pdf", name: "d", source: { s3Location: { uri: "s3://b/k" } } },
              },
            ],
          },
          { role: "assistant", content: [BLOCKS[2]] },
          {
            role: "user",
            content: [{ toolResult: { toolUseId: "c1", content: [{ json: { a: 1 } }] } }],
          },
        ],
        toolConfig: { tools: [{ toolSpec }] },
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
            { type: "uri", modality: "document", uri: "s3://b/k" },
          ],
        },
        { role: "assistant", parts: [CALL] },
        {
          role: "tool",
          parts: [{ type: "tool_call_response", id: "c1", response: '{"a":1}' }],
        },
      ],
      toolDefinitions: [DEFINITION],
    });
  });

  test("reads a whole answer", () => {
    const answer = {
      output: { message: { role: "assistant", content: BLOCKS } },
      stopReason: "tool_use",
    };
    expect(readerOf("bedrock.converse").readAnswer(answer)).toEqual(assistant("tool_use"));
  });

  test("puts a stream together", () => {
    const stream = joinBytes([
      event("messageStart", { role: "assistant" }),
      blockDelta(0, { reasoningContent: { text: "Let me see." } }),
      blockDelta(1, { text: "I will " }),
      blockDelta(1, { text: "look." }),
      event("contentBlockStart", {
        contentBlockIndex: 2,
        start: { toolUse: { toolUseId: "c1", name: "search" } },
      }),
      blockDelta(2, { toolUse: { input: '{"q":' } }),
      blockDelta(2, { toolUse: { input: '"é"}' } }),
      event("messageStop", { stopReason: "tool_use" }),
    ]);
    const type = "application/vnd.amazon.eventstream";
    expect(streamed("bedrock.converse_stream", stream, type)).toEqual(assistant("tool_use"));
  });
});

describe("Bedrock's InvokeModel", () => {
  const reader = readerOf("bedrock.invoke_model");
  const type = "application/vnd.amazon.eventstream";

  test("reads the bodies of Anthropic, of Nova and of chat completions", () => {
    const said = [{ role: "user", content: [{ type: "text", text: "Hello" }] }];
    const nova = [{ role: "user", content: [{ text: "Hello" }] }];
    const expected = [{ role: "user", parts: [{ type: "text", content: "Hello" }] }];
    const version = { anthropic_version: "bedrock-2023-05-31" };
    expect(reader.readRequest(json({ ...version, messages: said }))?.inputMessages).toEqual(
      expected,
    );
    expect(reader.readRequest(json({ messages: nova }))?.inputMessages).toEqual(expected);
    expect(reader.readRequest(json({ messages: said }))?.inputMessages).toEqual(expected);
    expect(reader.readRequest(json({ prompt: "Hello" }))?.inputMessages).toEqual(expected);
  });

  test.each([
    ["Anthropic", { content: [{ type: "text", text: "Hi" }], stop_reason: "end" }],
    ["Nova", { output: { message: { content: [{ text: "Hi" }] } }, stopReason: "end" }],
    ["chat completions", { choices: [{ message: { content: "Hi" }, finish_reason: "end" }] }],
  ])("reads a whole answer of %s", (_maker, answer) => {
    expect(reader.readAnswer(answer)).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Hi" }], finish_reason: "end" },
    ]);
  });

  test.each([
    ["Llama", { generation: "Hi" }],
    ["Cohere", { generations: [{ id: "g", text: "Hi" }] }],
    ["Titan", { results: [{ outputText: "Hi" }] }],
    ["Mistral", { outputs: [{ text: "Hi" }] }],
    ["AI21", { completions: [{ data: { text: "Hi" } }] }],
    ["an old Claude", { completion: "Hi" }],
  ])("reads the one text of %s", (_maker, answer) => {
    expect(reader.readAnswer(answer)).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Hi" }] },
    ]);
    expect(
      streamed("bedrock.invoke_model_with_response_stream", joinBytes([chunk(answer)]), type),
    ).toMatchObject([{ parts: [{ content: "Hi" }] }]);
  });

  test.each([
    [
      "Anthropic",
      [
        { type: "content_block_delta", index: 0, delta: { text: "Grüße" } },
        { type: "message_delta", delta: { stop_reason: "end" } },
      ],
    ],
    [
      "Nova",
      [
        { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Grüße" } } },
        { messageStop: { stopReason: "end" } },
      ],
    ],
    ["chat completions", [{ choices: [{ delta: { content: "Grüße" }, finish_reason: "end" }] }]],
  ])("puts a stream of %s together", (_maker, events) => {
    const stream = joinBytes(events.map(chunk));
    expect(streamed("bedrock.invoke_model_with_response_stream", stream, type)).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Grüße" }], finish_reason: "end" },
    ]);
  });
});

describe("Cohere's chat", () => {
  const call = { id: "c1", type: "function", function: { name: "search", arguments: ARGS } };

  test("reads a conversation and a whole answer", () => {
    const reader = readerOf("cohere.chat");
    const body = {
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", tool_plan: "Let me see.", tool_calls: [call] },
        {
          role: "tool",
          tool_call_id: "c1",
          content: [{ type: "document", document: { data: "found" } }],
        },
      ],
      tools: [{ type: "function", function: SEARCH }],
    };
    expect(reader.readRequest(json(body))).toEqual({
      systemInstructions: [],
      inputMessages: [
        { role: "user", parts: [{ type: "text", content: "Hello" }] },
        { role: "assistant", parts: [SAID[0], CALL] },
        {
          role: "tool",
          parts: [{ type: "tool_call_response", id: "c1", response: '{"data":"found"}' }],
        },
      ],
      toolDefinitions: [DEFINITION],
    });
    const message = {
      role: "assistant",
      tool_plan: "Let me see.",
      content: [{ type: "text", text: "I will look." }],
      tool_calls: [call],
    };
    const answer = { message, finish_reason: "TOOL_CALL" };
    expect(reader.readAnswer(answer)).toEqual(assistant("TOOL_CALL"));
  });

  test("puts a stream together", () => {
    const stream = namedEvents(
      cohereEvent("message-start", {
        role: "assistant",
        content: [],
        tool_plan: "",
        tool_calls: [],
      }),
      cohereEvent("tool-plan-delta", { tool_plan: "Let me see." }),
      cohereEvent("content-start", { content: { type: "text", text: "" } }),
      cohereEvent("content-delta", { content: { text: "I will " } }),
      cohereEvent("content-delta", { content: { text: "look." } }),
      cohereEvent("tool-call-start", {
        tool_calls: { ...call, function: { name: "search", arguments: "" } },
      }),
      cohereEvent("tool-call-delta", { tool_calls: { function: { arguments: ARGS } } }),
      { type: "message-end", delta: { finish_reason: "TOOL_CALL" } },
    );
    expect(streamed("cohere.chat", stream)).toEqual(assistant("TOOL_CALL"));
  });
});

describe("Ollama", () => {
  const message = {
    role: "assistant",
    thinking: "Let me see.",
    content: "I will look.",
    tool_calls: [{ id: "c1", function: { name: "search", arguments: { q: "é" } } }],
  };

  test("reads a conversation and a whole answer", () => {
    const reader = readerOf("ollama.chat");
    const body = { messages: [{ role: "user", content: "Look", images: ["AAAA"] }, message] };
    expect(reader.readRequest(json(body))?.inputMessages).toEqual([
      {
        role: "user",
        parts: [
          { type: "text", content: "Look" },
          { type: "blob", modality: "image", content: "", size_bytes: 3 },
        ],
      },
      { role: "assistant", parts: SAID },
    ]);
    const answer = { message, done: true, done_reason: "stop" };
    expect(reader.readAnswer(answer)).toEqual(assistant("stop"));
  });

  test("puts a stream together", () => {
    const lines = [
      { message: { role: "assistant", thinking: "Let me see.", content: "" }, done: false },
      { message: { role: "assistant", content: "I will " }, done: false },
      { message: { role: "assistant", content: "look." }, done: false },
      { message: { tool_calls: message.tool_calls }, done: false },
      { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" },
    ];
    const stream = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    expect(streamed("ollama.chat", stream, "application/x-ndjson")).toEqual(assistant("stop"));
  });

  test("reads a generation from one prompt", () => {
    const reader = readerOf("ollama.generate");
    expect(reader.readRequest(json({ system: "Be brief.", prompt: "Hello" }))).toMatchObject({
      systemInstructions: [{ content: "Be brief." }],
      inputMessages: [{ role: "user", parts: [{ content: "Hello" }] }],
    });
    expect(reader.readAnswer({ response: "Hi", done_reason: "stop" })).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "Hi" }], finish_reason: "stop" },
    ]);
  });
});

import { describe, expect, test } from "vitest";
import {
  ARGS,
  assistant,
  CALL,
  DEFINITION,
  json,
  readerOf,
  SAID,
  streamed,
} from "./content-samples.ts";
import { namedEvents } from "./wire-samples.ts";

describe("Responses", () => {
  test("reads instructions, items and what tools gave", () => {
    const request = readerOf("openai.responses").readRequest(
      json({
        instructions: "Be brief.",
        input: [
          { role: "user", content: "Hello" },
          {
            type: "message",
            role: "user",
            content: [
              { type: "input_text", text: "Look" },
              { type: "input_image", image_url: "data:image/jpeg;base64,AAAAAA==" },
            ],
          },
          { type: "function_call", call_id: "c1", name: "search", arguments: ARGS },
          { type: "function_call_output", call_id: "c1", output: "found" },
          { type: "computer_call_output", call_id: "c2", output: { image_url: "data:,SECRET" } },
        ],
        tools: [
          DEFINITION,
          { type: "web_search" },
          { type: "mcp", server_label: "crm", authorization: "SECRET", headers: { k: "SECRET" } },
        ],
      }),
    );
    expect(request).toEqual({
      systemInstructions: [{ type: "text", content: "Be brief." }],
      inputMessages: [
        { role: "user", parts: [{ type: "text", content: "Hello" }] },
        {
          role: "user",
          parts: [
            { type: "text", content: "Look" },
            {
              type: "blob",
              modality: "image",
              mime_type: "image/jpeg",
              content: "",
              size_bytes: 4,
            },
          ],
        },
        { role: "assistant", parts: [CALL] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "found" }] },
        {
          role: "tool",
          parts: [
            {
              type: "tool_call_response",
              id: "c2",
              response: [{ type: "unread", kind: "computer_call_output" }],
            },
          ],
        },
      ],
      toolDefinitions: [
        DEFINITION,
        { type: "web_search", name: "web_search" },
        { type: "mcp", name: "crm" },
      ],
    });
    expect(json(request ?? {})).not.toContain("SECRET");
  });

  const OUTPUT = [
    { type: "reasoning", summary: [{ type: "summary_text", text: "Let me see." }] },
    { type: "message", content: [{ type: "output_text", text: "I will look." }] },
    { type: "function_call", call_id: "c1", name: "search", arguments: ARGS },
  ];
  const RESPONSE = { status: "completed", output: OUTPUT };

  test("reads a whole answer", () => {
    expect(readerOf("openai.responses").readAnswer(RESPONSE)).toEqual(assistant("completed"));
  });

  const deltas = [
    {
      type: "response.reasoning_summary_text.delta",
      output_index: 0,
      summary_index: 0,
      delta: "Let me see.",
    },
    { type: "response.output_item.done", output_index: 0, item: OUTPUT[0] },
    { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "I will " },
    { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "look." },
    { type: "response.output_item.done", output_index: 1, item: OUTPUT[1] },
    {
      type: "response.output_item.added",
      output_index: 2,
      item: { ...OUTPUT[2], arguments: "" },
    },
    { type: "response.function_call_arguments.delta", output_index: 2, delta: ARGS },
    { type: "response.output_item.done", output_index: 2, item: OUTPUT[2] },
  ];
  const end = { type: "response.completed", response: RESPONSE };

  test.each([
    ["its pieces", [...deltas, end]],
    [
      "whole items",
      OUTPUT.map((item, at) => ({ type: "response.output_item.done", output_index: at, item })),
    ],
    ["its last event", [end]],
  ])("puts a stream together from %s", (name, events) => {
    const said = streamed("openai.responses", namedEvents(...events));
    const whole = assistant("completed");
    expect(said).toEqual(name === "whole items" ? [{ role: "assistant", parts: SAID }] : whole);
  });

  test("says what a tool of the provider was asked, and nothing that it found", () => {
    const item = { type: "web_search_call", id: "w1", action: { type: "search", query: "é" } };
    expect(readerOf("openai.responses").readAnswer({ output: [item] })).toMatchObject([
      {
        parts: [
          {
            type: "server_tool_call",
            id: "w1",
            name: "web_search_call",
            server_tool_call: { type: "web_search_call", arguments: { query: "é" } },
          },
        ],
      },
    ]);
  });
});

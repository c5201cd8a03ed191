import { describe, expect, it } from "vitest";
import { namedEvents, readStream, RESPONSES_STREAM, responses } from "./wire-samples.ts";

const ANSWER = {
  id: "resp_7",
  object: "response",
  model: "gpt-5-2025-08-07",
  status: "completed",
  service_tier: "default",
  error: null,
  incomplete_details: null,
  output: [
    { type: "reasoning", summary: [{ type: "summary_text", text: "Thinking" }] },
    { type: "message", content: [{ type: "output_text", text: "Hi" }] },
  ],
  usage: {
    input_tokens: 80,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens: 40,
    output_tokens_details: { reasoning_tokens: 32 },
    total_tokens: 120,
  },
};
const search = (type: string): object => ({ type: "web_search_call", action: { type } });

const ran = (container_id: string): object => ({ type: "code_interpreter_call", container_id });

describe("a response", () => {
  it("says its model, id, tier, status and usage", () => {
    expect(responses.readJson(ANSWER)).toMatchObject({
      model: "gpt-5-2025-08-07",
      id: "resp_7",
      serviceTier: "default",
      finishReasons: ["completed"],
      usage: { inputTokens: 80, outputTokens: 40, cacheReadTokens: 64, reasoningTokens: 32 },
      toolCalls: [],
      outputChars: "ThinkingHi".length,
      complete: true,
      problems: [],
    });
  });

  it("gives the reason of an incomplete answer instead of its status", () => {
    const cut = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    expect(responses.readJson({ ...ANSWER, ...cut }).finishReasons).toEqual(["max_output_tokens"]);
  });

  it("names the functions and custom tools that the app is to run, and no others", () => {
    const output = [
      { type: "function_call", name: "weather", arguments: "{}" },
      { type: "mcp_call", name: "remote", arguments: "{}" },
      { type: "custom_tool_call", name: "write_sql", input: "select 1" },
      { type: "file_search_call", queries: [] },
      { type: "function_call", name: "weather", arguments: "{}" },
    ];
    expect(responses.readJson({ ...ANSWER, output }).toolCalls).toEqual([
      "weather",
      "write_sql",
      "weather",
    ]);
  });

  it("counts searches, but not the pages that were opened", () => {
    const output = [
      search("search"),
      search("open_page"),
      search("find_in_page"),
      search("search"),
    ];
    expect(responses.readJson({ ...ANSWER, output }).usage?.webSearchRequests).toBe(2);
    expect(responses.readJson(ANSWER).usage?.webSearchRequests).toBeUndefined();
  });

  it("counts searches in files, and sandboxes by their container", () => {
    const output = [
      { type: "file_search_call", queries: [] },
      { type: "file_search_call", queries: [] },
      ran("cntr_1"),
      ran("cntr_1"),
      ran("cntr_2"),
    ];
    expect(responses.readJson({ ...ANSWER, output }).usage).toMatchObject({
      fileSearchRequests: 2,
      codeExecutionSessions: 2,
    });
    const { usage } = responses.readJson(ANSWER);
    expect([usage?.fileSearchRequests, usage?.codeExecutionSessions]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("believes the provider's own count of searches", () => {
    const facts = responses.readJson({
      ...ANSWER,
      output: [search("search"), search("search")],
      tool_usage: { web_search: { num_requests: 1 } },
    });
    expect(facts.usage?.webSearchRequests).toBe(1);
  });

  it("keeps what the image tool used apart, under its own model", () => {
    const image = { input_tokens: 30, output_tokens: 1056 };
    const facts = responses.readJson({
      ...ANSWER,
      tools: [{ type: "image_generation", model: "gpt-image-1" }],
      tool_usage: { image_gen: image },
    });
    expect(facts.additionalUsage).toMatchObject([
      { model: "gpt-image-1", usage: { inputTokens: 30, outputTokens: 1056 } },
    ]);
    expect(facts.usage).toMatchObject({ inputTokens: 80, outputTokens: 40 });
  });

  it("is an error when the body is one, or when it failed", () => {
    const error = { message: "No", type: "insufficient_quota", code: "insufficient_quota" };
    expect(responses.readJson({ error })).toMatchObject({
      errorType: "insufficient_quota",
      finishReasons: [],
      problems: [],
    });
    const failed = { ...ANSWER, status: "failed", error: { code: "server_error" }, usage: null };
    expect(responses.readJson(failed)).toMatchObject({
      errorType: "server_error",
      finishReasons: ["failed"],
      usage: undefined,
    });
  });

  it("is not finished while it works in the background", () => {
    const queued = { ...ANSWER, status: "queued", output: [], usage: null };
    expect(responses.readJson(queued)).toMatchObject({ finishReasons: [], usage: undefined });
  });
});

describe("a streamed response", () => {
  it("takes usage, status and tools from the terminal event, text from the deltas", () => {
    expect(readStream(responses, RESPONSES_STREAM)).toMatchObject({
      model: "gpt-5-nano",
      id: "resp_1",
      serviceTier: "flex",
      finishReasons: ["completed"],
      toolCalls: ["weather"],
      usage: { inputTokens: 50, outputTokens: 30, cacheReadTokens: 16, reasoningTokens: 8 },
      outputChars: '{"city":"Nîmes"}It is hot\n'.length,
      complete: true,
      problems: [],
    });
  });

  it("knows model, tools and text when the app leaves early", () => {
    const early = RESPONSES_STREAM.slice(0, RESPONSES_STREAM.indexOf("event: response.completed"));
    expect(readStream(responses, early)).toMatchObject({
      model: "gpt-5-nano",
      toolCalls: ["weather"],
      usage: undefined,
      finishReasons: [],
      complete: false,
      outputChars: '{"city":"Nîmes"}It is hot\n'.length,
    });
  });

  it("takes tools from their own events when the terminal event repeats none", () => {
    const bare = { id: "r", model: "m", status: "completed", output: [] };
    const stream = namedEvents(
      {
        type: "response.output_item.done",
        output_index: 1,
        item: { type: "custom_tool_call", name: "second", input: "x" },
      },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "function_call", name: "first", arguments: "" },
      },
      { type: "response.completed", response: bare },
    );
    expect(readStream(responses, stream).toolCalls).toEqual(["first", "second"]);
  });

  it("is an error after an error event, and complete only when it failed as a whole", () => {
    const error = { type: "error", error: { type: "insufficient_quota", code: "quota" } };
    expect(readStream(responses, namedEvents(error))).toMatchObject({
      errorType: "quota",
      complete: false,
    });
    const flat = { type: "error", code: "server_error", message: "No", param: null };
    expect(readStream(responses, namedEvents(flat)).errorType).toBe("server_error");
    const failed = {
      type: "response.failed",
      response: { status: "failed", error: { code: "rate_limit_exceeded" }, usage: null },
    };
    expect(readStream(responses, namedEvents(failed))).toMatchObject({
      errorType: "rate_limit_exceeded",
      finishReasons: ["failed"],
      complete: true,
      usage: undefined,
    });
  });

  it("does not count audio as text", () => {
    const audio = { type: "response.output_audio.delta", delta: "UklGRg==" };
    expect(readStream(responses, namedEvents(audio, audio, audio)).outputChars).toBe(0);
  });
});

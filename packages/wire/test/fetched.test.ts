import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chatLine,
  fetchAt,
  FILE_URL,
  lines,
  messageLine,
  open,
  read,
  RESULTS_URL,
  STORED_RESPONSE,
} from "./fetched-samples.ts";

describe("a stored response", () => {
  const url = "https://api.openai.com/v1/responses/resp_67ccd2bed1ec8190";
  const json = "application/json; charset=utf-8";

  it("says its usage once it is completed", () => {
    const { results } = read(url, JSON.stringify(STORED_RESPONSE), json);
    expect(results).toMatchObject([
      {
        key: "openai/resp_67ccd2bed1ec8190",
        api: { id: "openai.responses", operation: "chat" },
        outcome: "ok",
        facts: {
          model: "gpt-5-mini-2025-08-07",
          serviceTier: "default",
          usage: { inputTokens: 36, outputTokens: 87, reasoningTokens: 64 },
        },
      },
    ]);
  });

  it("reads the same however the app reads it", () => {
    const whole = open(url, json);
    whole.reader.json(STORED_RESPONSE);
    whole.reader.end();
    const text = open(url, json);
    text.reader.text(JSON.stringify(STORED_RESPONSE));
    text.reader.end();
    const expected = read(url, JSON.stringify(STORED_RESPONSE), json).results;
    expect([whole.results, text.results]).toEqual([expected, expected]);
  });

  it.each(["queued", "in_progress"])("says nothing while it is %s", (status) => {
    const pending = { ...STORED_RESPONSE, status, output: [], usage: null };
    expect(read(url, JSON.stringify(pending), json).results).toEqual([]);
  });

  it("that was cancelled or failed says what it said", () => {
    const cancelled = { ...STORED_RESPONSE, status: "cancelled", usage: null };
    expect(read(url, JSON.stringify(cancelled), json).results).toMatchObject([
      { outcome: "cancelled", facts: { usage: undefined, finishReasons: ["cancelled"] } },
    ]);
    const failed = { ...STORED_RESPONSE, status: "failed", error: { code: "server_error" } };
    expect(read(url, JSON.stringify(failed), json).results).toMatchObject([
      { outcome: "error", facts: { errorType: "server_error", usage: { inputTokens: 36 } } },
    ]);
  });

  it("can be streamed anew, from any event on", () => {
    const delta = { type: "response.output_text.delta", delta: "In", output_index: 0 };
    const end = { type: "response.completed", response: STORED_RESPONSE, sequence_number: 9 };
    const stream = [delta, end]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join("");
    const { results } = read(url, stream, "text/event-stream");
    expect(results).toMatchObject([{ facts: { usage: { outputTokens: 87 } } }]);
    expect(read(url, stream.slice(0, 150), "text/event-stream").results).toEqual([]);
  });

  it("is not taken for one when it is an app's own", () => {
    const own = { id: "resp_1", answers: ["a"], usage: { input_tokens: 3, output_tokens: 4 } };
    expect(read(url, JSON.stringify(own), json).results).toEqual([]);
    expect(read(url, "<html>", json).results).toEqual([]);
  });
});

describe("a file of OpenAI's batch results", () => {
  it("gives one result a line, at the tier of batches", () => {
    const { results } = read(FILE_URL, lines(chatLine(1), chatLine(2)));
    expect(results).toHaveLength(2);
    expect(results[1]).toMatchObject({
      key: "openai/batch_req_2",
      api: { id: "openai.chat", operation: "chat" },
      outcome: "ok",
      free: false,
      facts: {
        id: "chatcmpl-2",
        model: "gpt-4o-mini-2024-07-18",
        serviceTier: "batch",
        usage: { inputTokens: 24, outputTokens: 15, cacheReadTokens: 8 },
        finishReasons: ["stop"],
      },
    });
  });

  it.each([
    ["openai.responses", STORED_RESPONSE],
    [
      "openai.embeddings",
      {
        object: "list",
        model: "text-embedding-3-small",
        data: [{ object: "embedding", index: 0, embedding: [0.1] }],
        usage: { prompt_tokens: 36, total_tokens: 36 },
      },
    ],
    [
      "openai.completions",
      {
        id: "cmpl-1",
        object: "text_completion",
        model: "gpt-3.5-turbo-instruct",
        choices: [{ text: "four", index: 0, finish_reason: "stop" }],
        usage: { prompt_tokens: 36, completion_tokens: 1, total_tokens: 37 },
      },
    ],
  ])("of %s is read as that API's answers are", (id, body) => {
    const line = chatLine(1, { response: { status_code: 200, request_id: "r", body } });
    expect(read(FILE_URL, lines(line)).results).toMatchObject([
      { api: { id }, facts: { serviceTier: "batch", usage: { inputTokens: 36 } } },
    ]);
  });

  it("charges nothing for what failed or was moderated", () => {
    const refused = { status_code: 400, request_id: "r", body: { error: { code: "bad" } } };
    const expired = { code: "batch_expired", message: "This request could not be executed." };
    const moderated = { id: "modr-1", model: "omni-moderation-latest", results: [{}] };
    const { results } = read(
      FILE_URL,
      lines(
        chatLine(1, { response: refused }),
        chatLine(2, { response: null, error: expired }),
        chatLine(3, { response: { status_code: 200, body: moderated } }),
      ),
    );
    expect(results).toMatchObject([
      { outcome: "error", free: true, facts: { errorType: "400", usage: undefined } },
      { outcome: "error", free: true, facts: { errorType: "batch_expired", usage: undefined } },
      { outcome: "ok", free: true, facts: { errorType: undefined } },
    ]);
  });

  it("of Azure, which names its keys in another order and has no line id", () => {
    const response = { body: bodyOf(chatLine(1)), request_id: "r", status_code: 200 };
    const line = { custom_id: "task-0", response, error: null };
    const url = "https://mine.openai.azure.com/openai/v1/files/file-9/content";
    expect(read(url, lines(line)).results[0]?.key).toBe("azure.ai.openai/chatcmpl-1");
  });

  it("with neither a line id nor an answer's id is told apart by file and custom id", () => {
    const body = { ...bodyOf(chatLine(1)), id: undefined };
    const line = { id: "1", custom_id: "a", response: { status_code: 200, body }, error: null };
    const url = "https://api.mistral.ai/v1/files/f-1/content";
    expect(read(url, lines(line)).results[0]?.key).toBe("mistral_ai/f-1/a");
  });
});

describe("Anthropic's batch results", () => {
  it("give one result a line, failures and all", () => {
    const inner = { type: "invalid_request_error", message: "max_tokens" };
    const errored = { type: "errored", error: { type: "error", error: inner } };
    const { results } = read(
      RESULTS_URL,
      lines(
        messageLine(1),
        { custom_id: "b", result: errored },
        { custom_id: "c", result: { type: "canceled" } },
        { custom_id: "d", result: { type: "expired" } },
      ),
      "application/x-jsonl",
    );
    expect(results).toMatchObject([
      {
        key: "anthropic/msg_1",
        outcome: "ok",
        api: { id: "anthropic.messages" },
        facts: {
          model: "claude-sonnet-4-5",
          serviceTier: "batch",
          usage: { inputTokens: 11, outputTokens: 36 },
        },
      },
      {
        key: "anthropic/msgbatch_01/b",
        outcome: "error",
        facts: { errorType: "invalid_request_error" },
      },
      { outcome: "cancelled", free: true, facts: { errorType: undefined } },
      { outcome: "error", free: true, facts: { errorType: "expired" } },
    ]);
  });
});

describe("any other file", () => {
  const png = "\u0089PNG\r\n\u001a\n".repeat(100);
  const big = `{"id":"x","data":"${"y".repeat(400_000)}`;
  it.each([
    ["a picture", png],
    ["a text", 'Dear diary,\n{"custom_id":"a"}\n'],
    ["a JSON document", JSON.stringify({ id: "a", custom_id: "b", rows: [1, 2] }, null, 2)],
    [
      "another JSON document of one line",
      JSON.stringify({ rows: [1, 2, 3], more: "x".repeat(90) }),
    ],
    ["a JSON document without an end", big],
    ["the input of a batch", lines({ custom_id: "a", method: "POST", url: "/v1/x", body: {} })],
    ["training data", lines({ messages: [] }, { messages: [] })],
    ["nothing but white space", " ".repeat(300_000)],
  ])("%s is none, and no more of it is looked at", (_, body) => {
    const fetched = read(FILE_URL, body, undefined, 4_096);
    expect(fetched.results).toEqual([]);
    const text = open(FILE_URL);
    text.reader.text(body);
    expect(text.results).toEqual([]);
    // What follows cannot change that.
    fetched.reader.write(new TextEncoder().encode(lines(chatLine(1))));
    expect(fetched.results).toEqual([]);
  });

  it("with a line that is too long is read but for that line", () => {
    const { reader, results, problems } = open(FILE_URL);
    const write = (text: string): void => reader.write(new TextEncoder().encode(text));
    write(lines(chatLine(1)));
    write('{"custom_id":"a","response":"');
    for (let megabytes = 0; megabytes < 40; megabytes += 4) write("x".repeat(4_000_000));
    write(`"}\n${lines(chatLine(2))}`);
    expect(results.map(({ key }) => key)).toEqual(["openai/batch_req_1", "openai/batch_req_2"]);
    expect(problems).toEqual(["a line of the results is too long to be read"]);
  });

  it("is given up after its first bytes", () => {
    const { reader } = open(FILE_URL);
    reader.write(new TextEncoder().encode("%PDF-1.7"));
    expect(reader.open).toBe(false);
  });
});

describe("whatever the cut", () => {
  const body = lines(chatLine(1), messageLine(2), { odd: true }, chatLine(3)).trimEnd();
  const keys = ["openai/batch_req_1", "openai/msg_2", "openai/batch_req_3"];

  it("the same results come of the same bytes", () => {
    const bytes = new TextEncoder().encode(body);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const { reader, results } = open(FILE_URL);
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (const [index, start] of at.entries()) reader.write(bytes.slice(start, at[index + 1]));
        reader.end();
        expect(results.map(({ key }) => key)).toEqual(keys);
      }),
    );
  });

  it("garbage never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), fc.json(), (chunks, json) => {
        for (const type of ["application/json", "text/event-stream"]) {
          const url = "https://api.openai.com/v1/responses/resp_1";
          const { reader } = open(url, type);
          for (const chunk of chunks) reader.write(chunk);
          reader.end();
        }
        const { reader } = open(FILE_URL);
        reader.write(new TextEncoder().encode(`{"custom_id":"a","response":${json}}\n`));
        for (const chunk of chunks) reader.write(chunk);
        reader.end();
        open(FILE_URL).reader.json(JSON.parse(json));
      }),
    );
  });

  it("a batch says its files", () => {
    const url = "https://api.openai.com/v1/batches/batch_1";
    const batch = {
      id: "batch_1",
      object: "batch",
      status: "completed",
      output_file_id: "file-out",
      error_file_id: null,
    };
    const { batches } = read(url, JSON.stringify(batch), "application/json");
    expect(batches).toEqual([{ id: "batch_1", fileIds: ["file-out"] }]);
    expect(read(url, '{"id":"42"}', "application/json").batches).toEqual([]);
    expect(fetchAt(url).kind).toBe("batch");
  });
});

function bodyOf(line: object): object {
  const response: unknown = Reflect.get(line, "response");
  const body: unknown = Reflect.get(Object(response), "body");
  return Object(body);
}

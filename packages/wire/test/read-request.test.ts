import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_APIS, chat, messages, responses } from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);
const prompt = [{ role: "user", content: "Hi" }];
const CHAT = { model: "gpt-4o", messages: prompt };
const MESSAGES = { model: "claude-haiku-4-5", max_tokens: 64, messages: prompt };
const RESPONSES = { model: "gpt-5", input: "Hi" };

describe("a chat request", () => {
  it("says model, stream, limits, choices, tier and size", () => {
    const body = json({
      ...CHAT,
      stream: true,
      max_tokens: 10,
      max_completion_tokens: 20,
      n: 3,
      service_tier: "flex",
      messages: [{ role: "user", content: "Žluťoučký kůň 🐎" }],
    });
    expect(chat.readRequest(body)).toEqual({
      model: "gpt-4o",
      streaming: true,
      maxOutputTokens: 20,
      choices: 3,
      bodyBytes: Buffer.byteLength(body),
      serviceTier: "flex",
      offersTools: false,
      unboundable: undefined,
    });
  });

  it("falls back to the older limit, and to no limit", () => {
    expect(chat.readRequest(json({ ...CHAT, max_tokens: 10 }))?.maxOutputTokens).toBe(10);
    expect(chat.readRequest(json(CHAT))).toMatchObject({
      maxOutputTokens: undefined,
      choices: 1,
      streaming: false,
    });
    for (const nonsense of [null, 0, -5, 1.5, "10", {}]) {
      const facts = chat.readRequest(json({ ...CHAT, max_tokens: nonsense, n: nonsense }));
      expect(facts).toMatchObject({ maxOutputTokens: undefined, choices: 1 });
    }
  });

  it("is only one when it has a model and messages", () => {
    for (const body of [
      "",
      "[]",
      "null",
      "model",
      '"model"',
      json({ model: "gpt-4o" }),
      json({ messages: prompt }),
      json({ model: 4, messages: prompt }),
      json({ model: "gpt-4o", messages: "many" }),
      json({ nested: CHAT }),
    ]) {
      expect(chat.readRequest(body)).toBeUndefined();
      expect(messages.readRequest(body)).toBeUndefined();
    }
  });

  it("is bounded by nothing when it cannot be read", () => {
    for (const api of ALL_APIS) {
      expect(api.readRequest(undefined)).toMatchObject({
        model: undefined,
        unboundable: "the request body cannot be read",
      });
    }
  });

  it("reads only the top level, and what looks like JSON in a prompt not at all", () => {
    const trap = '","model":"trap","stream":true,"n":9,"type":"image_url"}]}\\';
    const facts = chat.readRequest(
      json({
        metadata: { model: "trap", stream: true, n: 9 },
        messages: [
          { role: "user", content: trap },
          { role: "user", content: `\\${trap}\\\\` },
        ],
        model: "gpt-4o",
        user: trap,
      }),
    );
    expect(facts).toMatchObject({
      model: "gpt-4o",
      streaming: false,
      choices: 1,
      offersTools: false,
      unboundable: undefined,
    });
  });

  it("takes the last of several members of one name, however it is escaped", () => {
    const body = String.raw`{"model":"first","messages":[],"m\u006fdel":"sec\u006fnd","n":2,"n":null}`;
    expect(chat.readRequest(body)).toMatchObject({ model: "second", choices: 1 });
  });

  it("reads white space, a byte order mark and any order of members", () => {
    const body = `\uFEFF \r\n{ "messages" :\t[ ] ,\n "stream" : true , "model" : "m" } \n`;
    expect(chat.readRequest(body)).toMatchObject({ model: "m", streaming: true });
  });

  it("reads what JSON.parse reads, for any body", () => {
    const anything = fc.jsonValue({ maxDepth: 4 });
    const body = fc.record(
      {
        model: fc.string({ unit: "binary" }),
        messages: fc.array(anything),
        stream: fc.boolean(),
        max_completion_tokens: fc.nat(),
        n: fc.nat(),
        service_tier: fc.string(),
        other: anything,
        'q"uo\\te': anything,
      },
      { requiredKeys: ["model", "messages"] },
    );
    fc.assert(
      fc.property(body, fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const limit = value.max_completion_tokens;
        expect(chat.readRequest(text)).toMatchObject({
          model: value.model,
          streaming: value.stream ?? false,
          maxOutputTokens: limit === 0 ? undefined : limit,
          choices: value.n || 1,
          serviceTier: value.service_tier,
          bodyBytes: Buffer.byteLength(text),
        });
      }),
    );
  });

  it("never throws, whatever the body and wherever it is cut", () => {
    const whole = json({ ...CHAT, tools: [{ type: "function" }], input: [{ type: "x" }] });
    fc.assert(
      fc.property(fc.string(), fc.nat(whole.length), fc.nat(whole.length), (text, a, b) => {
        for (const api of ALL_APIS) {
          for (const body of [
            text,
            `--${text}`,
            whole.slice(0, a) + text,
            whole.slice(0, a) + text + whole.slice(b),
          ]) {
            expect(() => api.readRequest(body)).not.toThrow();
          }
        }
      }),
    );
  });

  it("counts the bytes of any text, lone surrogates and long ones included", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "🐎", "\ud83d", "\udc0e") });
    fc.assert(
      fc.property(text, fc.nat(40_000), (end, padding) => {
        // Unescaped: JSON.stringify would write lone surrogates as escapes.
        const body = `{"model":"m","messages":[],"user":"${"🐎".repeat(padding)}${end}"}`;
        expect(chat.readRequest(body)?.bodyBytes).toBe(Buffer.byteLength(body));
      }),
      { numRuns: 30 },
    );
  });
});

describe("a messages request", () => {
  it("says speed and place", () => {
    const body = json({ ...MESSAGES, speed: "fast", inference_geo: "us" });
    expect(messages.readRequest(body)).toMatchObject({ speed: "fast", region: "us" });
  });

  it("says model, stream, limit and tier", () => {
    const body = json({ ...MESSAGES, stream: true, service_tier: "standard_only" });
    expect(messages.readRequest(body)).toEqual({
      model: "claude-haiku-4-5",
      streaming: true,
      maxOutputTokens: 64,
      choices: 1,
      bodyBytes: body.length,
      serviceTier: "standard_only",
      offersTools: false,
      unboundable: undefined,
    });
  });
});

describe("a responses request", () => {
  it("says model, stream, limit and tier", () => {
    const body = json({ ...RESPONSES, stream: true, max_output_tokens: 99, service_tier: "auto" });
    expect(responses.readRequest(body)).toEqual({
      model: "gpt-5",
      streaming: true,
      maxOutputTokens: 99,
      choices: 1,
      bodyBytes: body.length,
      serviceTier: "auto",
      offersTools: false,
      unboundable: undefined,
    });
  });

  it("needs input of some kind, and a model unless a stored prompt brings one", () => {
    expect(responses.readRequest(json({ prompt: { id: "pmpt_1" } }))?.model).toBeUndefined();
    expect(responses.readRequest(json({ prompt: { id: "pmpt_1" } }))).toBeDefined();
    expect(responses.readRequest(json({ model: "m", previous_response_id: "r" }))).toBeDefined();
    expect(responses.readRequest(json({ model: "m", conversation: "c" }))).toBeDefined();
    expect(responses.readRequest(json({ model: "m", input: [] }))).toBeDefined();
    for (const body of [
      { model: "m" },
      { input: "Hi" },
      { model: "m", input: 5 },
      { prompt: "Hi" },
      { model: "m", input: null, conversation: null, prompt: null, previous_response_id: null },
    ]) {
      expect(responses.readRequest(json(body))).toBeUndefined();
    }
  });
});

describe("a request that the body does not bound", () => {
  const parts = (type: string): object => ({
    ...CHAT,
    messages: [{ role: "user", content: [{ type: "text", text: "See" }, { type }] }],
  });
  const nested = [{ type: "tool_result", content: [{ type: "image", source: {} }] }];

  it.each([
    ["an image", chat, parts("image_url")],
    ["a file", chat, parts("file")],
    ["audio", chat, parts("input_audio")],
    ["a document", messages, parts("document")],
    ["an image in a tool's result", messages, { ...MESSAGES, messages: [{ content: nested }] }],
    ["an image", responses, { ...RESPONSES, input: [{ content: [{ type: "input_image" }] }] }],
    ["a file", responses, { ...RESPONSES, input: [{ content: [{ type: "input_file" }] }] }],
    ["a reference", responses, { ...RESPONSES, input: [{ type: "item_reference", id: "x" }] }],
    ["an earlier response", responses, { ...RESPONSES, previous_response_id: "resp_1" }],
    ["a conversation", responses, { ...RESPONSES, conversation: { id: "conv_1" } }],
    ["a stored prompt", responses, { ...RESPONSES, prompt: { id: "pmpt_1" } }],
    ["compaction", responses, { ...RESPONSES, context_management: [{ type: "compaction" }] }],
    [
      "compaction",
      messages,
      { ...MESSAGES, context_management: { edits: [{ type: "compact_20260112" }] } },
    ],
    ["web search", chat, { ...CHAT, web_search_options: {} }],
    ["web search", responses, { ...RESPONSES, tools: [{ type: "web_search" }] }],
    [
      "file search",
      responses,
      { ...RESPONSES, tools: [{ type: "function" }, { type: "file_search" }] },
    ],
    ["code", responses, { ...RESPONSES, tools: [{ type: "code_interpreter", container: {} }] }],
    ["MCP", responses, { ...RESPONSES, tools: [{ type: "mcp", server_url: "https://x" }] }],
    ["web search", messages, { ...MESSAGES, tools: [{ name: "s", type: "web_search_20250305" }] }],
    ["MCP", messages, { ...MESSAGES, mcp_servers: [{ url: "https://x" }] }],
  ])("says so: %s", (_what, api, body) => {
    const reason = api.readRequest(json(body))?.unboundable;
    expect(reason).toMatch(/^the (provider|prompt|answer) /);
    expect(api.readRequest(JSON.stringify(body, null, 2))?.unboundable).toBe(reason);
  });

  it.each([
    ["function tools", chat, { ...CHAT, tools: [{ type: "function", function: { name: "f" } }] }],
    [
      "custom tools",
      responses,
      { ...RESPONSES, tools: [{ type: "custom" }, { type: "function" }] },
    ],
    ["tools without a type", messages, { ...MESSAGES, tools: [{ name: "f", input_schema: {} }] }],
    [
      "a tool's own schema",
      chat,
      {
        ...CHAT,
        tools: [{ type: "function", function: { parameters: { p: { type: "image_url" } } } }],
      },
    ],
    ["a word in the prompt", chat, { ...CHAT, messages: [{ content: '{"type":"image_url"}' }] }],
    [
      "members that are null",
      responses,
      { ...RESPONSES, previous_response_id: null, prompt: null },
    ],
    ["work in the background", responses, { ...RESPONSES, background: true, tools: [] }],
    ["background: false", responses, { ...RESPONSES, background: false, tools: [] }],
    [
      "clearing old content",
      messages,
      { ...MESSAGES, context_management: { edits: [{ type: "clear_tool_uses_20250919" }] } },
    ],
  ])("is not one with %s", (_what, api, body) => {
    const facts = api.readRequest(json(body));
    expect(facts).toBeDefined();
    expect(facts?.unboundable).toBeUndefined();
  });
});

it.each([
  [chat, CHAT, "tools"],
  [chat, CHAT, "functions"],
  [responses, RESPONSES, "tools"],
  [messages, MESSAGES, "tools"],
])("a request of $id says whether it offers tools", (api, body, member) => {
  expect(api.readRequest(json(body))?.offersTools).toBe(false);
  expect(api.readRequest(json({ ...body, [member]: [] }))?.offersTools).toBe(true);
});

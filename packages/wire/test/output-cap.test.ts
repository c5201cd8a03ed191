import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  capOutput,
  leastOutputTokens,
  matchCall,
  outputCapOf,
  type OutputCap,
} from "../src/index.ts";

const CHAT: OutputCap = { members: ["max_completion_tokens", "max_tokens"] };
const GOOGLE: OutputCap = {
  members: ["generationConfig.maxOutputTokens", "generation_config.max_output_tokens"],
  thinking: ["generationConfig.thinkingConfig.thinkingBudget"],
};

describe("a cap on the output", () => {
  it.each([
    [`{ "max_tokens" : 5000,\n"messages":[] }`, `{ "max_tokens" : 100,\n"messages":[] }`],
    [`{"messages":[],"max_completion_tokens":1e4}`, `{"messages":[],"max_completion_tokens":100}`],
    [`{"max_tokens":100}`, `{"max_tokens":100}`],
    [`{"max_tokens":7 }`, `{"max_tokens":7 }`],
    [`{"max_tokens":null,"a":1}`, `{"max_tokens":100,"a":1}`],
    [`{"max_tokens":-1}`, `{"max_tokens":100}`],
    [
      `{"max_tokens":500,"max_completion_tokens":900}`,
      `{"max_tokens":100,"max_completion_tokens":100}`,
    ],
    [
      `{"max_tokens":null,"max_completion_tokens":900}`,
      `{"max_tokens":null,"max_completion_tokens":100}`,
    ],
    [`\uFEFF {"messages":[]}`, `\uFEFF {"max_completion_tokens":100,"messages":[]}`],
    [`{ }`, `{"max_completion_tokens":100 }`],
    [`{"max_\\u0074okens":900}`, `{"max_\\u0074okens":100}`],
    // Not the request's own member.
    [
      `{"metadata":{"max_tokens":900},"max_tokens":200}`,
      `{"metadata":{"max_tokens":900},"max_tokens":100}`,
    ],
  ])("%s becomes %s", (body, capped) => {
    expect(capOutput(body, CHAT, 100)).toBe(capped);
  });

  it.each([
    [`{"contents":[]}`, `{"generationConfig":{"maxOutputTokens":100},"contents":[]}`],
    [`{"generationConfig":{}}`, `{"generationConfig":{"maxOutputTokens":100}}`],
    [`{"generationConfig":{"topP":1}}`, `{"generationConfig":{"maxOutputTokens":100,"topP":1}}`],
    [`{"generationConfig":null}`, `{"generationConfig":{"maxOutputTokens":100}}`],
    [
      `{"generation_config":{"top_p":1}}`,
      `{"generation_config":{"max_output_tokens":100,"top_p":1}}`,
    ],
    [
      `{"generationConfig":{"maxOutputTokens":800}}`,
      `{"generationConfig":{"maxOutputTokens":100}}`,
    ],
  ])("in an object of its own: %s becomes %s", (body, capped) => {
    expect(capOutput(body, GOOGLE, 100)).toBe(capped);
  });

  it.each([
    ["", CHAT],
    ["[1]", CHAT],
    [`{"max_tokens":"many"}`, CHAT],
    [`{"max_tokens":1,"max_tokens":900}`, CHAT],
    [`{"generationConfig":{},"generationConfig":{}}`, GOOGLE],
    [`{"generationConfig":"none"}`, GOOGLE],
  ])("cannot be put on %s", (body, cap) => {
    expect(capOutput(body, cap, 100)).toBeUndefined();
  });

  it("is not added where less is what a request without a limit gets", () => {
    const cap: OutputCap = { members: ["max_tokens"], otherwise: 16 };
    expect(capOutput(`{"prompt":"Hi"}`, cap, 100)).toBe(`{"prompt":"Hi"}`);
    expect(capOutput(`{"prompt":"Hi"}`, cap, 9)).toBe(`{"max_tokens":9,"prompt":"Hi"}`);
  });

  it("leaves any request the same but for the limit", () => {
    const other = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
    const limit = fc.option(fc.integer({ min: 1, max: 9_000 }), { nil: undefined });
    const indents = fc.constantFrom(0, 1, "\t");
    fc.assert(
      fc.property(
        other,
        limit,
        fc.integer({ min: 1, max: 9_000 }),
        indents,
        (more, own, cap, indent) => {
          const request = { ...more, ...(own !== undefined && { max_tokens: own }), messages: [] };
          fc.pre(
            !("max_completion_tokens" in more) && (own !== undefined || !("max_tokens" in more)),
          );
          const body = JSON.stringify(request, null, indent);
          const capped = capOutput(body, CHAT, cap) ?? "";
          const name = own === undefined ? "max_completion_tokens" : "max_tokens";
          expect(JSON.parse(capped)).toEqual({
            ...JSON.parse(body),
            [name]: Math.min(own ?? cap, cap),
          });
          expect(without(capped, name)).toBe(without(body, name));
        },
      ),
    );
  });

  it("leaves any request with nested limits the same but for the limit", () => {
    const settings = fc.option(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), {
      nil: undefined,
    });
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 9_000 }), (config, cap) => {
        fc.pre(config === undefined || !("maxOutputTokens" in config));
        const body = JSON.stringify({ contents: "Hi", generationConfig: config });
        const before: { generationConfig?: object } = JSON.parse(body);
        expect(JSON.parse(capOutput(body, GOOGLE, cap) ?? "")).toEqual({
          ...before,
          generationConfig: { ...before.generationConfig, maxOutputTokens: cap },
        });
      }),
    );
  });

  it("throws at no text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => capOutput(text, CHAT, 100)).not.toThrow();
      }),
    );
  });
});

/** The body without the limit and what divides it from the next member. */
function without(body: string, name: string): string {
  return body.replace(new RegExp(`"${name}":\\s*\\d+,?`), "");
}

const thinking = (thinkingBudget: unknown): string =>
  JSON.stringify({ generationConfig: { thinkingConfig: { thinkingBudget } } });

describe("the least output", () => {
  it("is above a budget for thinking", () => {
    expect(leastOutputTokens(thinking(2_000), GOOGLE)).toBe(2_001);
    expect(leastOutputTokens(thinking(-1), GOOGLE)).toBe(1);
    expect(leastOutputTokens(thinking("much"), GOOGLE)).toBe(1);
    expect(leastOutputTokens("{}", GOOGLE)).toBe(1);
  });
});

function capAt(url: string, model?: string): OutputCap | undefined {
  const call = matchCall("POST", url);
  return call && outputCapOf(call, url, model);
}

describe("where an API has its limit", () => {
  it.each([
    ["https://api.openai.com/v1/chat/completions", "max_completion_tokens"],
    [
      "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01",
      "max_completion_tokens",
    ],
    [
      "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2023-05-15",
      "max_tokens",
    ],
    ["https://api.deepseek.com/chat/completions", "max_tokens"],
    ["http://127.0.0.1:8000/v1/chat/completions", "max_tokens"],
    ["https://api.mistral.ai/v1/chat/completions", "max_tokens"],
    ["https://api.openai.com/v1/responses", "max_output_tokens"],
    ["https://api.openai.com/v1/completions", "max_tokens"],
    ["https://api.anthropic.com/v1/messages", "max_tokens"],
    ["https://api.cohere.com/v2/chat", "max_tokens"],
    ["http://127.0.0.1:11434/api/chat", "options.num_predict"],
    [
      "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
      "generationConfig.maxOutputTokens",
    ],
    [
      "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse",
      "inferenceConfig.maxTokens",
    ],
  ])("%s: %s", (url, member) => {
    expect(capAt(url, "some-model")?.members[0]).toBe(member);
  });

  it("thinking models of OpenAI take the newer name wherever they are served", () => {
    const url = "http://127.0.0.1:4000/v1/chat/completions";
    expect(capAt(url, "openai/gpt-5-mini")?.members[0]).toBe("max_completion_tokens");
    expect(capAt(url, "o4-mini")?.members[0]).toBe("max_completion_tokens");
  });

  it.each(["https://api.openai.com/v1/embeddings", "https://api.openai.com/v1/images/generations"])(
    "%s has none",
    (url) => {
      expect(capAt(url)).toBeUndefined();
    },
  );
});

import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { createBudgetProcessor } from "@tollgate/budget";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import { startFakeProvider, type RecordedRequest } from "@tollgate/testkit";
import { CohereClientV2 } from "cohere-ai";
import Groq from "groq-sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { expect, onTestFinished, test } from "vitest";

/** Asks for 9,000 tokens of output, or names no limit. */
type Ask = (url: string, maxTokens: number | undefined) => Promise<unknown>;

const messages = [{ role: "user" as const, content: "Tell me all." }];
const apiKey = "sk-test";

const openAi = (url: string): OpenAI => new OpenAI({ apiKey, baseURL: `${url}/v1` });
const google = (url: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const SDKS: readonly [name: string, member: string, ask: Ask][] = [
  [
    "openai, chat",
    "max_tokens",
    (url, max_tokens) =>
      openAi(url).chat.completions.create({
        model: "gpt-4o-mini",
        messages,
        ...(max_tokens !== undefined && { max_tokens }),
      }),
  ],
  [
    "openai, chat of a thinking model",
    "max_completion_tokens",
    (url, max_completion_tokens) =>
      openAi(url).chat.completions.create({
        model: "gpt-5",
        messages,
        ...(max_completion_tokens !== undefined && { max_completion_tokens }),
      }),
  ],
  [
    "openai, chat as a stream",
    "max_tokens",
    async (url, max_tokens) =>
      drain(
        await openAi(url).chat.completions.create({
          model: "gpt-4o-mini",
          messages,
          ...(max_tokens !== undefined && { max_tokens }),
          stream: true,
        }),
      ),
  ],
  [
    "openai, responses",
    "max_output_tokens",
    (url, max_output_tokens) =>
      openAi(url).responses.create({
        model: "gpt-4o-mini",
        input: "Tell me.",
        ...(max_output_tokens !== undefined && { max_output_tokens }),
      }),
  ],
  [
    "openai, responses as a stream",
    "max_output_tokens",
    async (url, max_output_tokens) =>
      drain(
        await openAi(url).responses.create({
          model: "gpt-4o-mini",
          input: "Tell me.",
          ...(max_output_tokens !== undefined && { max_output_tokens }),
          stream: true,
        }),
      ),
  ],
  [
    "@anthropic-ai/sdk",
    "max_tokens",
    (url, max_tokens = 9_000) =>
      new Anthropic({ apiKey, baseURL: url }).messages.create({
        model: "claude-sonnet-4-6",
        messages,
        max_tokens,
      }),
  ],
  [
    "@anthropic-ai/sdk, as a stream",
    "max_tokens",
    (url, max_tokens = 9_000) =>
      drain(
        new Anthropic({ apiKey, baseURL: url }).messages.stream({
          model: "claude-sonnet-4-6",
          messages,
          max_tokens,
        }),
      ),
  ],
  [
    "@google/genai",
    "generationConfig.maxOutputTokens",
    (url, maxOutputTokens) =>
      google(url).models.generateContent({
        model: "gemini-2.5-flash",
        contents: "Tell me all.",
        config: maxOutputTokens === undefined ? {} : { maxOutputTokens },
      }),
  ],
  [
    "@google/genai, as a stream",
    "generationConfig.maxOutputTokens",
    async (url, maxOutputTokens) =>
      drain(
        await google(url).models.generateContentStream({
          model: "gemini-2.5-flash",
          contents: "Tell me all.",
          config: maxOutputTokens === undefined ? {} : { maxOutputTokens },
        }),
      ),
  ],
  [
    "cohere-ai",
    "max_tokens",
    (url, maxTokens) =>
      new CohereClientV2({ token: apiKey, environment: url }).chat({
        model: "command-a-03-2025",
        messages,
        ...(maxTokens !== undefined && { maxTokens }),
      }),
  ],
  [
    "groq-sdk",
    "max_tokens",
    (url, max_tokens) =>
      new Groq({ apiKey, baseURL: url }).chat.completions.create({
        model: "llama-3.1-8b-instant",
        messages,
        ...(max_tokens !== undefined && { max_tokens }),
      }),
  ],
  [
    "ollama",
    "options.num_predict",
    (url, num_predict) =>
      new Ollama({ host: url }).chat({
        model: "llama3.2",
        messages,
        ...(num_predict !== undefined && { options: { num_predict } }),
      }),
  ],
];

/** What reaches the provider under a hard budget of so many tokens, or without one. */
async function sent(
  ask: (url: string) => Promise<unknown>,
  tokens?: number,
): Promise<RecordedRequest> {
  const provider = await startFakeProvider({ script: { text: "word ".repeat(9_000) } });
  onTestFinished(() => provider.close());
  const { fetch } = globalThis;
  const policy = { id: "part", window: "total", guarantee: "hard", clip: true } as const;
  const policies = tokens === undefined ? [] : [{ ...policy, limit: { tokens } }];
  globalThis.fetch = createMeteredFetch(fetch, { budget: createBudgetProcessor({ policies }) });
  try {
    await ask(provider.url);
  } finally {
    globalThis.fetch = fetch;
  }
  const [request, second] = provider.requests;
  if (request === undefined || second !== undefined) throw new Error("not one request");
  return request;
}

function memberOf(body: unknown, path: string): unknown {
  let value = body;
  for (const name of path.split(".")) value = Reflect.get(Object(value), name);
  return value;
}

test.each(SDKS)(
  "%s: more than fits is lowered, and nothing else is changed",
  async (_name, member, ask) => {
    const askMuch = (url: string): Promise<unknown> => ask(url, 9_000);
    const asked = await sent(askMuch);
    const capped = await sent(askMuch, 5_000);
    const limit = memberOf(capped.body, member);
    expect(memberOf(asked.body, member)).toBe(9_000);
    expect(limit).toBeGreaterThan(2_000);
    expect(limit).toBeLessThan(5_000);
    expect(capped.bodyText).toBe(asked.bodyText.replace("9000", String(limit)));
  },
);

test.each(SDKS)("%s: a limit is put where there is none", async (_name, member, ask) => {
  const { body } = await sent((url) => ask(url, undefined), 3_000);
  expect(memberOf(body, member)).toBeLessThan(3_000);
});

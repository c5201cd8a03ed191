import Anthropic from "@anthropic-ai/sdk";
import { createBudgetProcessor } from "@tollgate/budget";
import { budgetExceeded, isBudgetExceeded, type UsageEvent } from "@tollgate/core";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import { startFakeProvider } from "@tollgate/testkit";
import Anthropic0 from "anthropic-sdk-0";
import OpenAI from "openai";
import OpenAI5 from "openai5";
import OpenAI6 from "openai6";
import { expect, onTestFinished, test } from "vitest";

/** Reads a stream to its end. */
type Read = (url: string, fetch: typeof globalThis.fetch) => Promise<unknown>;

const apiKey = "sk-test";
const messages = [{ role: "user" as const, content: "Tell me all." }];
const CLAUDE = { model: "claude-sonnet-4-6", max_tokens: 8_000, messages } as const;

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const chat =
  (Client: typeof OpenAI | typeof OpenAI5 | typeof OpenAI6): Read =>
  async (url, fetch) => {
    const client = new Client({ apiKey, baseURL: `${url}/v1`, fetch });
    const body = { model: "gpt-4o-mini", messages, stream: true };
    await drain(await client.post("/chat/completions", { body, stream: true }));
  };

const CLIENTS: readonly [string, Read][] = [
  ["openai 5, chat", chat(OpenAI5)],
  ["openai 6, chat", chat(OpenAI6)],
  ["openai 7, chat", chat(OpenAI)],
  [
    "openai 7, chat by its helper",
    (url, fetch) =>
      new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch }).chat.completions
        .stream({ model: "gpt-4o-mini", messages })
        .finalContent(),
  ],
  [
    "openai 7, responses",
    async (url, fetch) =>
      drain(
        await new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch }).responses.create({
          model: "gpt-4o-mini",
          input: "Tell me all.",
          stream: true,
        }),
      ),
  ],
  [
    "@anthropic-ai/sdk 0.60",
    async (url, fetch) =>
      drain(
        await new Anthropic0({ apiKey, baseURL: url, fetch }).messages.create({
          ...CLAUDE,
          messages: [...messages],
          stream: true,
        }),
      ),
  ],
  [
    "@anthropic-ai/sdk 1",
    async (url, fetch) =>
      drain(
        await new Anthropic({ apiKey, baseURL: url, fetch }).messages.create({
          ...CLAUDE,
          messages: [...messages],
          stream: true,
        }),
      ),
  ],
  [
    "@anthropic-ai/sdk 1 by its helper",
    (url, fetch) =>
      new Anthropic({ apiKey, baseURL: url, fetch }).messages
        .stream({ ...CLAUDE, messages: [...messages] })
        .finalMessage(),
  ],
];

test.each(CLIENTS)(
  "%s: a stopped stream is one error, known as the budget's",
  async (_name, read) => {
    const chunks = Array.from({ length: 3_000 }, () => "word");
    const provider = await startFakeProvider({ script: { chunks, hangAfterChunks: 2_500 } });
    onTestFinished(() => provider.close());
    const events: UsageEvent[] = [];
    const budget = createBudgetProcessor({
      policies: [{ id: "team", limit: { tokens: 1_500 }, window: "total", streams: "stop" }],
    });
    const fetch = createMeteredFetch(globalThis.fetch, {
      budget,
      onUsage: (event) => events.push(event),
    });
    const error: unknown = await read(provider.url, fetch).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(isBudgetExceeded(error), String(error)).toBe(true);
    expect(budgetExceeded(error)).toMatchObject({ budget: "team", unit: "tokens", limit: 1_500 });
    expect(provider.requests).toHaveLength(1);
    await provider.requests[0]?.ended;
    expect(provider.requests[0]?.closedByClient).toBe(true);
    expect(events).toMatchObject([{ outcome: "cancelled", errorType: "tollgate_budget_exceeded" }]);
    const [state] = await budget.states();
    const { inputTokens = 0, outputTokens = 0 } = events[0]?.usage ?? {};
    expect(state).toMatchObject({ reserved: 0, spent: inputTokens + outputTokens });
    expect(state?.spent).toBeGreaterThan(1_350);
  },
);

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

interface Refused {
  readonly ask: (stream: boolean) => Promise<unknown>;
  readonly APIError: abstract new (...args: never) => Error;
}

type MakeClient = (url: string, fetch: typeof globalThis.fetch) => Refused;

const messages = [{ role: "user" as const, content: "Hello." }];

const openAi =
  (Client: typeof OpenAI | typeof OpenAI5 | typeof OpenAI6): MakeClient =>
  (url, fetch) => {
    const client = new Client({ apiKey: "sk-test", baseURL: `${url}/v1`, fetch });
    const chat = { model: "gpt-4o-mini", max_tokens: 50, messages };
    return {
      ask: (stream) => client.post("/chat/completions", { body: { ...chat, stream } }),
      APIError: Client.APIError,
    };
  };

const anthropic =
  (Client: typeof Anthropic | typeof Anthropic0): MakeClient =>
  (url, fetch) => {
    const client = new Client({ apiKey: "sk-test", baseURL: url, fetch });
    const message = { model: "claude-sonnet-4-6", max_tokens: 50, messages };
    return {
      ask: (stream) => client.post("/v1/messages", { body: { ...message, stream } }),
      APIError: Client.APIError,
    };
  };

test.each([
  ["openai 5", openAi(OpenAI5)],
  ["openai 6", openAi(OpenAI6)],
  ["openai 7", openAi(OpenAI)],
  ["@anthropic-ai/sdk 0.60", anthropic(Anthropic0)],
  ["@anthropic-ai/sdk 1", anthropic(Anthropic)],
])(
  "%s: a refusal is one attempt, an ordinary APIError, and known as what it is",
  async (_name, make) => {
    const provider = await startFakeProvider();
    onTestFinished(() => provider.close());
    const events: UsageEvent[] = [];
    const budget = createBudgetProcessor({
      policies: [{ id: "tiny", limit: { usd: 0.000_001 }, window: "day", guarantee: "hard" }],
    });
    const metered = createMeteredFetch(fetch, { budget, onUsage: (event) => events.push(event) });
    const { ask, APIError } = make(provider.url, metered);

    for (const stream of [false, true]) {
      const error: unknown = await ask(stream).then(
        () => "no error",
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(APIError);
      expect(error).toMatchObject({ status: 402 });
      expect(isBudgetExceeded(error)).toBe(true);
      expect(budgetExceeded(error)).toMatchObject({
        budget: "tiny",
        reason: "exceeded",
        unit: "usd",
        limit: 1_000,
        remaining: 1_000,
      });
      expect(budgetExceeded(error)?.resetsAtMs).toBeGreaterThan(Date.now());
    }
    expect(events.map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
    expect(provider.requests).toEqual([]);
  },
);

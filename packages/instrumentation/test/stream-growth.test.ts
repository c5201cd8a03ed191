import { budgetExceeded, isBudgetExceeded } from "@tollgate/core";
import type { BudgetDecisionEvent } from "@tollgate/budget";
import { describe, expect, test } from "vitest";
import { createRig, reservedOf, spentOf, STREAMED, type Rig, type RigOptions } from "./setup.ts";

/** 4,000 tokens, which cost $0.0024 at gpt-4o-mini's rates; $0.00061 are held for the first ones. */
const LONG = {
  script: { text: "word".repeat(4_000), chunks: Array.from({ length: 4_000 }, () => "word") },
};
const BUDGET = { id: "team", limit: { usd: 0.01 }, window: "total" };

const rigged = (policy: object, options: RigOptions = {}): Promise<Rig> =>
  createRig({
    endpoints: [{ host: "127.0.0.1", provider: "openai" }],
    policies: [policy],
    provider: LONG,
    ...options,
  });

/** Everything a stream brings until it ends or fails. */
async function read(response: Response): Promise<{ bytes: number; error: unknown }> {
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) bytes += chunk.byteLength;
  } catch (error) {
    return { bytes, error };
  }
  return { bytes, error: undefined };
}

/** How far above its limit ten long streams at once take a budget. */
async function overshootOf(
  policy: object,
): Promise<{ rig: Rig; overshootNanoUsd: number; stopped: number }> {
  const rig = await rigged({ ...BUDGET, ...policy });
  const responses = await Promise.all(Array.from({ length: 10 }, () => rig.chat(STREAMED)));
  expect(responses.every(({ ok }) => ok)).toBe(true);
  const answers = await Promise.all(responses.map((response) => read(response)));
  const spent = await spentOf(rig.budget);
  expect(await reservedOf(rig.budget)).toBe(0);
  return {
    rig,
    overshootNanoUsd: Math.max(0, spent - BUDGET.limit.usd * 1e9),
    stopped: answers.filter(({ error }) => isBudgetExceeded(error)).length,
  };
}

test(
  "ten long streams at once: without extension they take a budget to 2.4 times its limit, with it and a stop each goes at most a network chunk too far",
  { timeout: 60_000 },
  async () => {
    const without = await overshootOf({ streams: "hold" });
    const stopping = await overshootOf({ streams: "stop" });
    expect(without).toMatchObject({ overshootNanoUsd: 14_007_500, stopped: 0 });
    expect(stopping.stopped).toBeGreaterThan(0);
    // A chunk of this server is up to 64 KiB, which is some 290 tokens of it.
    expect(stopping.overshootNanoUsd).toBeLessThan(10 * 290 * 600);
  },
);

describe("a stream that uses more than it holds", () => {
  test("holds more as it goes, so that other calls see it", async () => {
    const rig = await rigged({ ...BUDGET, limit: { usd: 0.003 } });
    const response = await rig.chat(STREAMED);
    const reader = response.body?.getReader();
    const before = await reservedOf(rig.budget);
    for (let seen = 0; seen < 500_000;) {
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) break;
      seen += value.byteLength;
    }
    expect(await reservedOf(rig.budget)).toBeGreaterThan(1.9 * before);
    await reader?.cancel();
    expect(await reservedOf(rig.budget)).toBe(0);
  });

  test("goes on above the limit where the budget only extends, and that is reported", async () => {
    const rig = await rigged({ ...BUDGET, limit: { usd: 0.001 } });
    const decisions: BudgetDecisionEvent[] = [];
    rig.budget.onDecision((event) => decisions.push(event));
    const { error } = await read(await rig.chat(STREAMED));
    expect(error).toBeUndefined();
    expect(rig.events).toMatchObject([{ outcome: "ok", usage: { outputTokens: 4_000 } }]);
    expect(decisions).toMatchObject([
      { action: "allow" },
      { action: "alert", reason: "exceeded", budget: "team" },
    ]);
  });

  test("is left alone within its hold", async () => {
    const rig = await rigged(
      { ...BUDGET, streams: "stop" },
      { provider: { script: { text: "Hi." } } },
    );
    const { error } = await read(await rig.chat(STREAMED));
    expect(error).toBeUndefined();
    expect(rig.events).toMatchObject([{ outcome: "ok", estimated: false }]);
  });
});

describe("a stream that its budget stops", () => {
  const STOPPING = { ...BUDGET, limit: { usd: 0.001 }, streams: "stop" };

  test("fails for the app with the budget's refusal, and the provider's connection is closed", async () => {
    // It waits for the client before it has sent all.
    const rig = await rigged(STOPPING, {
      provider: { script: { ...LONG.script, hangAfterChunks: 3_000 } },
    });
    const response = await rig.chat(STREAMED);
    expect(response.url).toContain("/v1/chat/completions");
    const { bytes, error } = await read(response);
    expect(bytes).toBeGreaterThan(0);
    expect(isBudgetExceeded(error)).toBe(true);
    expect(error).toMatchObject({ name: "TollgateError", code: "TOLLGATE_STREAM_STOPPED" });
    expect(String(error)).toContain('Tollgate stopped the stream: budget "team"');
    expect(budgetExceeded(error)).toMatchObject({ budget: "team", reason: "exceeded", limit: 1e6 });
    await rig.provider.requests[0]?.ended;
    expect(rig.provider.requests[0]?.closedByClient).toBe(true);
  });

  test("is booked at what was seen, near the limit, and holds nothing any more", async () => {
    const rig = await rigged(STOPPING);
    await read(await rig.chat(STREAMED));
    expect(rig.events).toMatchObject([
      { outcome: "cancelled", errorType: "tollgate_budget_exceeded", estimated: true },
    ]);
    const spent = await spentOf(rig.budget);
    expect(spent).toBe(rig.events[0]?.cost.totalNanoUsd);
    expect(spent).toBeGreaterThan(900_000);
    expect(spent).toBeLessThan(1_200_000);
    expect(await reservedOf(rig.budget)).toBe(0);
    expect(rig.budget.leases()).toEqual([]);
  });

  test("is stopped with its usage hidden too, and whoever reads it how", async () => {
    const rig = await rigged(STOPPING);
    await expect((await rig.chat({ stream: true })).text()).rejects.toSatisfy(isBudgetExceeded);
    const other = await rigged(STOPPING);
    const [one, two] = (await other.chat(STREAMED)).body?.tee() ?? [];
    const texts = [one, two].map((branch) => new Response(branch ?? null).text());
    for (const text of texts) await expect(text).rejects.toSatisfy(isBudgetExceeded);
    expect(other.events).toMatchObject([{ outcome: "cancelled" }]);
  });

  test("is stopped by a budget of tokens as well, in any API", async () => {
    const rig = await rigged({ ...STOPPING, limit: { tokens: 1_500 } });
    const response = await rig.fetch(`${rig.provider.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "claude-sonnet-4-6",
        max_tokens: 5_000,
        stream: true,
        messages: [{ role: "user", content: "Say all." }],
      }),
    });
    const { error } = await read(response);
    expect(budgetExceeded(error)).toMatchObject({ unit: "tokens", limit: 1_500 });
    // Of the 4,000 that there are; a network chunk of this API is 500 tokens and more.
    expect(await spentOf(rig.budget)).toBeLessThan(3_500);
  });

  test("a stream that hangs is not stopped: nothing more is spent", async () => {
    const rig = await rigged(STOPPING, {
      provider: { script: { text: "Hi.", hangAfterChunks: 1 } },
    });
    const reader = (await rig.chat(STREAMED)).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    expect(rig.events).toMatchObject([{ outcome: "cancelled", errorType: undefined }]);
  });
});

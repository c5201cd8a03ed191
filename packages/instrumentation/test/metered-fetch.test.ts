import { describe, expect, test } from "vitest";
import { createMeteredFetch } from "../src/fetch/index.ts";
import { createRig, reservedOf, spentOf, STREAMED, USAGE, USAGE_NANO_USD } from "./setup.ts";

describe("what is metered", () => {
  test("a call is booked with the provider's counts, its price and its answer", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE, finishReason: "stop" } } });
    const answer: unknown = await (await rig.chat()).json();
    expect(answer).toMatchObject({ usage: { prompt_tokens: 1_000 } });
    expect(rig.events).toHaveLength(1);
    expect(rig.events[0]).toMatchObject({
      api: "openai.chat",
      provider: "openai",
      operation: "chat",
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini",
      usage: USAGE,
      estimated: false,
      outcome: "ok",
      errorType: undefined,
      finishReasons: ["stop"],
      streaming: false,
      timeToFirstChunkMs: undefined,
      cost: { totalNanoUsd: USAGE_NANO_USD, priceSource: "catalogue" },
    });
  });

  test("a stream is booked from its final chunk, with the time to the first", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE, split: "odd" } } });
    await (await rig.chat(STREAMED)).text();
    const [event] = rig.events;
    expect(event).toMatchObject({ usage: USAGE, outcome: "ok", streaming: true });
    expect(event?.timeToFirstChunkMs).toBeGreaterThan(0);
  });

  test("tool calls are named in order", async () => {
    const toolCalls = [{ name: "weather" }, { name: "search" }, { name: "weather" }];
    const rig = await createRig({ provider: { script: { toolCalls } } });
    await (await rig.chat(STREAMED)).text();
    expect(rig.events[0]?.toolCalls).toEqual(["weather", "search", "weather"]);
  });

  test("an app's own POST /responses that is no LLM request is left alone", async () => {
    const rig = await createRig();
    const url = `${rig.provider.url}/v1/responses`;
    await rig.fetch(url, { method: "POST", body: JSON.stringify({ survey: 7, answers: ["a"] }) });
    await rig.fetch(`${rig.provider.url}/v1/chat/completions`);
    expect(rig.provider.requests).toHaveLength(2);
    expect(rig.events).toEqual([]);
  });

  test("a Request object with a body is metered, and arrives whole", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE } } });
    const body = JSON.stringify({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "ä" }],
    });
    const request = new Request(`${rig.provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body,
    });
    await (await rig.fetch(request)).json();
    expect(rig.provider.requests[0]?.bodyText).toBe(body);
    expect(rig.events[0]).toMatchObject({ usage: USAGE });
  });

  test("a metered fetch over another one counts once", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE } } });
    const outer: unknown[] = [];
    const fetch = createMeteredFetch(rig.fetch, { onUsage: (event) => outer.push(event) });
    const response = await fetch(`${rig.provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [] }),
    });
    await response.json();
    expect([outer.length, rig.events.length]).toEqual([1, 0]);
  });

  test("a subscriber that throws does not reach the app", async () => {
    const rig = await createRig();
    const fetch = createMeteredFetch(globalThis.fetch, {
      onUsage() {
        throw new Error("mine");
      },
    });
    const response = await fetch(`${rig.provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [] }),
    });
    expect(await response.json()).toMatchObject({ object: "chat.completion" });
  });
});

describe("what it costs when the answer is not whole", () => {
  const budget = { id: "all", limit: { usd: 1 }, window: "total" } as const;

  test("an error status gives the whole hold back", async () => {
    const rig = await createRig({ policies: [budget], provider: { script: { status: 500 } } });
    const response = await rig.chat();
    expect(response.status).toBe(500);
    expect(rig.events[0]).toMatchObject({ outcome: "error", errorType: "500", usage: undefined });
    expect([await reservedOf(rig.budget), await spentOf(rig.budget)]).toEqual([0, 0]);
  });

  test("a connection that is refused gives the whole hold back", async () => {
    const rig = await createRig({ policies: [budget] });
    const url = `${rig.provider.openaiBaseUrl}/chat/completions`;
    await rig.provider.close();
    const body = JSON.stringify({ model: "gpt-4o-mini", messages: [] });
    await expect(rig.fetch(url, { method: "POST", body })).rejects.toThrow("fetch failed");
    expect(rig.events[0]).toMatchObject({
      outcome: "error",
      errorType: "ECONNREFUSED",
      estimated: false,
    });
    expect([await reservedOf(rig.budget), await spentOf(rig.budget)]).toEqual([0, 0]);
  });

  test("a stream left early is settled at what was seen, as an estimate", async () => {
    const chunks = ["twelve chars", " and more", " that nobody reads"];
    const rig = await createRig({
      policies: [budget],
      provider: { script: { chunks, chunkDelayMs: 5 } },
    });
    const response = await rig.chat(STREAMED);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(rig.events[0]).toMatchObject({ outcome: "cancelled", estimated: true });
    expect(rig.events[0]?.usage?.inputTokens).toBeGreaterThan(0);
    expect(await reservedOf(rig.budget)).toBe(0);
    expect(await spentOf(rig.budget)).toBe(rig.events[0]?.cost.totalNanoUsd);
    await rig.provider.requests[0]?.ended;
    expect(rig.provider.requests[0]?.closedByClient).toBe(true);
  });

  test("an answer without counts is estimated and flagged, never zero", async () => {
    const rig = await createRig({
      provider: { script: { usageAbsent: true, text: "x".repeat(400) } },
    });
    await (await rig.chat()).json();
    expect(rig.events[0]).toMatchObject({ outcome: "ok", estimated: true });
    expect(rig.events[0]?.usage?.outputTokens).toBeGreaterThanOrEqual(100);
    expect(rig.events[0]?.cost.totalNanoUsd).toBeGreaterThan(0);
  });

  test("a stream that breaks is an error, settled at what was seen", async () => {
    const rig = await createRig({
      policies: [budget],
      provider: { script: { closeAfterChunks: 2, chunks: ["one ", "two ", "three "] } },
    });
    await expect((await rig.chat(STREAMED)).text()).rejects.toThrow("terminated");
    expect(rig.events[0]).toMatchObject({ outcome: "error", estimated: true });
    expect(await reservedOf(rig.budget)).toBe(0);
  });

  test("an abort before the answer is cancelled, and reaches the server", async () => {
    const rig = await createRig({
      policies: [budget],
      provider: { script: { delayMs: 5_000 } },
    });
    const controller = new AbortController();
    void untilRequested(rig.provider).then(() => controller.abort());
    await expect(rig.chat({}, { signal: controller.signal })).rejects.toThrow("aborted");
    expect(rig.events[0]).toMatchObject({ outcome: "cancelled", errorType: "AbortError" });
    expect(await reservedOf(rig.budget)).toBe(0);
    await rig.provider.requests[0]?.ended;
    expect(rig.provider.requests[0]?.closedByClient).toBe(true);
  });

  test("an answer that nobody reads is settled after a while", async () => {
    const rig = await createRig({ policies: [budget], abandonAfterMs: 40 });
    const event = rig.nextEvent();
    const response = await rig.chat(STREAMED);
    expect(await event).toMatchObject({ outcome: "cancelled", estimated: true });
    expect(await reservedOf(rig.budget)).toBe(0);
    expect(await response.text()).toContain("[DONE]");
    expect(rig.events).toHaveLength(1);
  });
});

async function untilRequested({
  requests,
}: {
  readonly requests: readonly unknown[];
}): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- polling
  while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

const post = async (path: string, body: object, answer: object) => {
  const rig = await createRig({
    policies: [{ id: "all", limit: { usd: 1 }, window: "total", guarantee: "hard" }],
  });
  const fetch = createMeteredFetch(async () => Response.json(answer), {
    budget: rig.budget,
    onUsage: (event) => rig.events.push(event),
  });
  const url = `https://api.openai.com/v1/${path}`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  await response.json();
  return { event: rig.events[0], spent: await spentOf(rig.budget) };
};

describe("answers that say no tokens, and need not", () => {
  test("a free call passes a hard budget and costs nothing", async () => {
    const answer = { id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: false }] };
    const { event, spent } = await post("moderations", { input: "x" }, answer);
    expect(event).toMatchObject({ outcome: "ok", estimated: false, cost: { totalNanoUsd: 0 } });
    expect(spent).toBe(0);
  });

  test("a response that is taken on for later is no error", async () => {
    const answer = {
      id: "resp_1",
      object: "response",
      status: "queued",
      model: "gpt-5-mini",
      output: [],
      usage: null,
    };
    const request = { model: "gpt-5-mini", input: "x", background: true, max_output_tokens: 10 };
    const rig = await createRig();
    const fetch = createMeteredFetch(async () => Response.json(answer), {
      onUsage: (event) => rig.events.push(event),
    });
    const url = "https://api.openai.com/v1/responses";
    await (await fetch(url, { method: "POST", body: JSON.stringify(request) })).json();
    expect(rig.events[0]).toMatchObject({
      outcome: "pending",
      errorType: undefined,
      usage: undefined,
      estimated: false,
      cost: { totalNanoUsd: undefined, priceSource: "unpriced" },
    });
  });
});

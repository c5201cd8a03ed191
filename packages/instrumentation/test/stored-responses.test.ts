import { createBudgetProcessor, type BudgetProcessor } from "@tollgate/budget";
import { withAttribution, type UsageEvent } from "@tollgate/core";
import { captureTelemetry, createFakeClock, type FakeClock } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMeteredFetch, type Fetch } from "../src/fetch/index.ts";
import { reservedOf, spentOf } from "./setup.ts";
import {
  QUEUED,
  startStoredServer,
  STORED_NANO_USD,
  storedResponse,
  type StoredServer,
} from "./stored-server.ts";

interface Rig {
  readonly server: StoredServer;
  readonly clock: FakeClock;
  readonly budget: BudgetProcessor;
  readonly events: UsageEvent[];
  readonly fetch: Fetch;
  /** Asks for a response, whatever its answer. */
  post(more?: object): Promise<void>;
  get(id: string, query?: string): Promise<string>;
  /** What the server keeps, by id; the first POST answers with `posted`. */
  readonly stored: Map<string, object>;
}

const ASK = { model: "gpt-4o-mini", input: "Think.", background: true, max_output_tokens: 10_000 };

async function createRig(posted: object, guarantee: "hard" | "bounded" = "hard"): Promise<Rig> {
  const stored = new Map<string, object>();
  const server = await startStoredServer((route) => {
    if (route === "POST /v1/responses") return { body: JSON.stringify(posted) };
    const [, id = "", query = ""] = /\/v1\/responses\/([^/?]+)(.*)$/.exec(route) ?? [];
    const response = stored.get(id);
    if (response === undefined) return undefined;
    if (query !== "?stream=true") return { body: JSON.stringify(response) };
    const event = { type: "response.completed", response };
    return {
      contentType: "text/event-stream",
      body: [`event: response.completed\n`, `data: ${JSON.stringify(event)}\n\n`],
    };
  });
  const clock = createFakeClock(Date.UTC(2026, 2, 4, 12));
  const budget = createBudgetProcessor({
    policies: [{ id: "all", limit: { usd: 0.01 }, window: "total", guarantee }],
    clock,
  });
  const events: UsageEvent[] = [];
  const fetch = createMeteredFetch(globalThis.fetch, {
    budget,
    clock,
    onUsage: (event) => events.push(event),
  });
  return {
    server,
    clock,
    budget,
    events,
    fetch,
    stored,
    async post(more = {}) {
      const body = JSON.stringify({ ...ASK, ...more });
      await (await fetch(`${server.url}/v1/responses`, { method: "POST", body })).text();
    },
    get: async (id, query = "") => (await fetch(`${server.url}/v1/responses/${id}${query}`)).text(),
  };
}

describe("a response made in the background", () => {
  test("is pending when it is asked for, and counted when it is fetched, once", async () => {
    const rig = await createRig(storedResponse("resp_1", QUEUED));
    await rig.post();
    expect(rig.events).toMatchObject([
      { outcome: "pending", usage: undefined, estimated: false, responseId: "resp_1" },
    ]);
    rig.stored.set("resp_1", storedResponse("resp_1", { status: "in_progress", usage: null }));
    await rig.get("resp_1");
    expect(rig.events).toHaveLength(1);

    rig.stored.set("resp_1", storedResponse("resp_1"));
    const body = await rig.get("resp_1");
    await rig.get("resp_1");
    await rig.get("resp_1", "?stream=true");
    expect(JSON.parse(body)).toEqual(storedResponse("resp_1"));
    expect(rig.events).toHaveLength(2);
    expect(rig.events[1]).toMatchObject({
      id: "openai/resp_1",
      fetched: true,
      api: "openai.responses",
      outcome: "ok",
      requestModel: "gpt-4o-mini",
      responseId: "resp_1",
      usage: { inputTokens: 1_000, outputTokens: 500 },
      estimated: false,
      cost: { totalNanoUsd: STORED_NANO_USD },
      durationMs: undefined,
    });
    expect(await spentOf(rig.budget)).toBe(STORED_NANO_USD);
    expect(await reservedOf(rig.budget)).toBe(0);
  });

  test("keeps its hold until then, so that a hard budget stays one", async () => {
    const rig = await createRig(storedResponse("resp_1", QUEUED));
    await rig.post();
    const held = await reservedOf(rig.budget);
    // 10,000 tokens at $0.60 a million, and the input.
    expect(held).toBeGreaterThan(6_000_000);
    expect(await spentOf(rig.budget)).toBe(0);
    const body = JSON.stringify(ASK);
    const init = { method: "POST", body };
    const refused = await rig.fetch(`${rig.server.url}/v1/responses`, init);
    expect(refused.status).toBe(402);
  });

  test("that nobody fetches is charged as held, and at its cost when it is fetched late", async () => {
    const rig = await createRig(storedResponse("resp_1", QUEUED));
    await rig.post();
    const held = await reservedOf(rig.budget);
    await rig.clock.advance(2 * 3_600_000);
    expect([await spentOf(rig.budget), await reservedOf(rig.budget)]).toEqual([held, 0]);
    rig.stored.set("resp_1", storedResponse("resp_1"));
    await rig.get("resp_1");
    expect(await spentOf(rig.budget)).toBe(STORED_NANO_USD);
  });

  test("is charged to whoever asked for it, not to who fetches it", async () => {
    const rig = await createRig(storedResponse("resp_1", QUEUED));
    rig.stored.set("resp_1", storedResponse("resp_1"));
    await withAttribution({ project: "atlas" }, () => rig.post());
    await withAttribution({ project: "poller" }, () => rig.get("resp_1"));
    expect(rig.events[1]?.attribution).toEqual({ project: "atlas" });
  });

  test("has one span, which says that it is pending; fetching it has none", async () => {
    const telemetry = captureTelemetry({ global: true });
    onTestFinished(() => telemetry.shutdown());
    const rig = await createRig(storedResponse("resp_1", QUEUED));
    await rig.post();
    rig.stored.set("resp_1", storedResponse("resp_1"));
    await rig.get("resp_1");
    expect(telemetry.spans()).toHaveLength(1);
    expect(telemetry.spans()[0]?.attributes).toMatchObject({
      "tollgate.outcome": "pending",
      "gen_ai.response.id": "resp_1",
    });
    expect(telemetry.spans()[0]?.attributes).not.toHaveProperty("gen_ai.usage.cost.amount");
  });

  test("that failed gives its hold back; one that was cancelled without a word is charged as held", async () => {
    const failing = await createRig(storedResponse("resp_1", QUEUED));
    await failing.post();
    const error = { code: "server_error", message: "oops" };
    failing.stored.set(
      "resp_1",
      storedResponse("resp_1", { status: "failed", error, usage: null }),
    );
    await failing.get("resp_1");
    expect(failing.events[1]).toMatchObject({ outcome: "error", errorType: "server_error" });
    expect([await spentOf(failing.budget), await reservedOf(failing.budget)]).toEqual([0, 0]);

    const rig = await createRig(storedResponse("resp_1", QUEUED));
    await rig.post();
    const held = await reservedOf(rig.budget);
    const cancelled = storedResponse("resp_1", { status: "cancelled", usage: null });
    rig.stored.set("resp_1", cancelled);
    const url = `${rig.server.url}/v1/responses/resp_1/cancel`;
    await (await rig.fetch(url, { method: "POST" })).json();
    expect(rig.events[1]).toMatchObject({
      outcome: "cancelled",
      usage: undefined,
      estimated: false,
    });
    expect([await spentOf(rig.budget), await reservedOf(rig.budget)]).toEqual([held, 0]);
  });

  test("is pending too when the app leaves its stream", async () => {
    const created = storedResponse("resp_1", { status: "queued", usage: null });
    const rig = await createRig({});
    const event = `data: ${JSON.stringify({ type: "response.created", response: created })}\n\n`;
    const fetch = createMeteredFetch(
      async () => new Response(event, { headers: { "content-type": "text/event-stream" } }),
      { budget: rig.budget, onUsage: (usage) => rig.events.push(usage) },
    );
    const body = JSON.stringify({ ...ASK, stream: true });
    const answer = await fetch(`${rig.server.url}/v1/responses`, { method: "POST", body });
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(rig.events).toMatchObject([{ outcome: "pending", usage: undefined, estimated: false }]);
  });
});

describe("a stored response", () => {
  test("whose usage came with the call is not counted again", async () => {
    const rig = await createRig(storedResponse("resp_1", { background: false }));
    await rig.post({ background: false });
    rig.stored.set("resp_1", storedResponse("resp_1"));
    await rig.get("resp_1");
    await rig.get("resp_1", "?stream=true");
    expect(rig.events).toHaveLength(1);
    expect(await spentOf(rig.budget)).toBe(STORED_NANO_USD);
  });

  test("that another process asked for is counted once, for whoever fetches it", async () => {
    const rig = await createRig({});
    rig.stored.set("resp_9", storedResponse("resp_9"));
    await withAttribution({ project: "poller" }, () => rig.get("resp_9", "?stream=true"));
    await rig.get("resp_9");
    expect(rig.events).toMatchObject([
      { outcome: "ok", attribution: { project: "poller" }, requestModel: undefined },
    ]);
    expect(await spentOf(rig.budget)).toBe(STORED_NANO_USD);
  });

  test("is never refused, and charged above a limit that is reached", async () => {
    const rig = await createRig({});
    const usage = { input_tokens: 1_000_000, output_tokens: 1_000_000 };
    rig.stored.set("resp_9", storedResponse("resp_9", { usage }));
    expect(JSON.parse(await rig.get("resp_9"))).toMatchObject({ status: "completed" });
    expect(await spentOf(rig.budget)).toBe(750_000_000);
    await rig.get("resp_9");
    expect(rig.server.requests).toHaveLength(2);
  });

  test("that does not exist is nothing", async () => {
    const rig = await createRig({});
    await rig.get("resp_404");
    expect(rig.events).toEqual([]);
  });
});

import { createBudgetProcessor, type BudgetCharge, type BudgetProcessor } from "@tollgate/budget";
import { withAttribution, type UsageEvent } from "@tollgate/core";
import { createPricer, type PricedCall } from "@tollgate/pricing";
import { describe, expect, test } from "vitest";
import { createMeteredFetch, type Fetch } from "../src/fetch/index.ts";
import { spentOf } from "./setup.ts";
import {
  batchLine,
  jsonLines,
  startStoredServer,
  STORED_NANO_USD,
  type StoredAnswer,
  type StoredServer,
} from "./stored-server.ts";

interface Rig {
  readonly server: StoredServer;
  readonly fetch: Fetch;
  readonly budget: BudgetProcessor;
  readonly events: UsageEvent[];
  /** What the pricer was asked. */
  readonly priced: PricedCall[];
  readonly charges: BudgetCharge[];
  file(id?: string): Promise<Response>;
}

async function createRig(answers: Readonly<Record<string, StoredAnswer>>): Promise<Rig> {
  const server = await startStoredServer((route) => answers[route]);
  const limit = { usd: 1, requests: 1_000_000 };
  const processor = createBudgetProcessor({ policies: [{ id: "all", limit, window: "total" }] });
  const charges: BudgetCharge[] = [];
  const budget: BudgetProcessor = {
    ...processor,
    charge(charge) {
      charges.push(charge);
      return processor.charge(charge);
    },
  };
  const pricer = createPricer();
  const priced: PricedCall[] = [];
  const events: UsageEvent[] = [];
  const fetch = createMeteredFetch(globalThis.fetch, {
    budget,
    pricer: {
      ...pricer,
      // Whatever the price list says of batches, what it is asked for is what counts here.
      priceCall(usage, call) {
        priced.push(call);
        return pricer.priceCall(usage, { ...call, serviceTier: undefined });
      },
    },
    onUsage: (event) => events.push(event),
  });
  const file = (id = "file-1"): Promise<Response> => fetch(`${server.url}/v1/files/${id}/content`);
  return { server, fetch, budget, events, priced, charges, file };
}

const FILE = "GET /v1/files/file-1/content";
const TWO = jsonLines(batchLine(1), batchLine(2, "gpt-4o"));
const BYTES = new TextEncoder().encode(TWO);

const READS: readonly (readonly [string, (response: Response) => Promise<unknown>])[] = [
  ["text()", (response) => response.text()],
  ["arrayBuffer()", (response) => response.arrayBuffer()],
  ["blob()", async (response) => (await response.blob()).text()],
  ["a clone's text()", (response) => response.clone().text()],
  ["both", (response) => Promise.all([response.clone().text(), response.text()])],
  [
    "iteration",
    async (response) => {
      for await (const chunk of response.body ?? []) void chunk;
    },
  ],
  [
    "a pipe",
    async (response) => {
      const lines = response.body?.pipeThrough(new TextDecoderStream());
      for await (const chunk of lines ?? []) void chunk;
    },
  ],
];

describe("a file of batch results", () => {
  test.each(READS)("read by %s gives one event a line", async (_, read) => {
    const rig = await createRig({ [FILE]: { body: [BYTES.slice(0, 100), BYTES.slice(100)] } });
    await read(await rig.file());
    await expect.poll(() => rig.events.length).toBe(2);
    expect(rig.events).toMatchObject([
      {
        id: "openai/batch_req_1",
        fetched: true,
        api: "openai.chat",
        operation: "chat",
        responseModel: "gpt-4o-mini",
        usage: { inputTokens: 1_000, outputTokens: 500 },
        estimated: false,
        outcome: "ok",
        durationMs: undefined,
        cost: { totalNanoUsd: STORED_NANO_USD },
      },
      { id: "openai/batch_req_2", responseModel: "gpt-4o" },
    ]);
  });

  test("is priced at the tier of batches, and each model at its own price", async () => {
    const rig = await createRig({ [FILE]: { body: TWO } });
    await (await rig.file()).text();
    expect(rig.priced.map(({ serviceTier }) => serviceTier)).toEqual(["batch", "batch"]);
    const cost = rig.events.reduce((sum, event) => sum + (event.cost.totalNanoUsd ?? 0), 0);
    const states = await rig.budget.states();
    expect(states.find(({ unit }) => unit === "usd")?.spent).toBe(cost);
    expect(states.find(({ unit }) => unit === "requests")?.spent).toBe(2);
  });

  test("is counted once per line, in whatever file it comes again", async () => {
    const again = { body: jsonLines(batchLine(2, "gpt-4o"), batchLine(3)) };
    const rig = await createRig({ [FILE]: { body: TWO }, "GET /v1/files/file-2/content": again });
    await (await rig.file()).text();
    await (await rig.file()).text();
    await (await rig.file("file-2")).text();
    expect(rig.events.map(({ id }) => id)).toEqual([
      "openai/batch_req_1",
      "openai/batch_req_2",
      "openai/batch_req_3",
    ]);
  });

  test("of which the app read a part is counted so far, and the rest when it is read", async () => {
    const rig = await createRig({ [FILE]: { body: TWO } });
    const reader = (await rig.file()).body?.pipeThrough(limitTo(BYTES.length - 5)).getReader();
    for (let more = true; more;) more = (await reader?.read())?.done === false;
    expect(rig.events.length).toBeGreaterThanOrEqual(1);
    await (await rig.file()).text();
    expect(rig.events).toHaveLength(2);
  });

  test("asks the budget for a block of lines, not for each", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => batchLine(index));
    const rig = await createRig({ [FILE]: { body: jsonLines(...many) } });
    await (await rig.file()).text();
    expect(rig.events).toHaveLength(2_000);
    expect(rig.charges.length).toBeLessThan(20);
    expect(rig.charges.reduce((sum, { requests }) => sum + requests, 0)).toBe(2_000);
  });

  test("of any size is counted to its last line when it is read as text", async () => {
    const many = Array.from({ length: 9_000 }, (_, index) => batchLine(index));
    const body = jsonLines(...many);
    expect(body.length).toBeGreaterThan(3_000_000);
    const rig = await createRig({ [FILE]: { body } });
    expect(await (await rig.file()).text()).toBe(body);
    await expect.poll(() => rig.events.length).toBe(9_000);
    const requests = (): number => rig.charges.reduce((sum, charge) => sum + charge.requests, 0);
    await expect.poll(requests).toBe(9_000);
  });

  test("is charged to whoever created the batch in this process", async () => {
    const batch = { id: "batch_1", object: "batch", status: "validating", output_file_id: null };
    const done = { ...batch, status: "completed", output_file_id: "file-1" };
    const rig = await createRig({
      "POST /v1/batches": { body: JSON.stringify(batch) },
      "GET /v1/batches/batch_1": { body: JSON.stringify(done) },
      [FILE]: { body: TWO },
    });
    const init = { method: "POST", body: "{}" };
    await withAttribution({ project: "atlas" }, async () =>
      (await rig.fetch(`${rig.server.url}/v1/batches`, init)).json(),
    );
    await withAttribution({ project: "poller" }, async () => {
      await (await rig.fetch(`${rig.server.url}/v1/batches/batch_1`)).json();
      await (await rig.file()).text();
    });
    expect(rig.events.map(({ attribution }) => attribution.project)).toEqual(["atlas", "atlas"]);
    expect(rig.charges[0]?.attribution).toEqual({ project: "atlas" });
  });

  test("is charged to whoever fetches it, where nobody knows who created the batch", async () => {
    const rig = await createRig({ [FILE]: { body: TWO } });
    await withAttribution({ project: "poller" }, async () => (await rig.file()).text());
    expect(rig.events[1]?.attribution).toEqual({ project: "poller" });
  });

  test("is never refused, whatever is left", async () => {
    const dear = { id: "batch_req_9", custom_id: "a", error: null, response: dearResponse() };
    const rig = await createRig({ [FILE]: { body: jsonLines(dear) } });
    expect((await rig.file()).status).toBe(200);
    await (await rig.file()).text();
    expect(await spentOf(rig.budget)).toBeGreaterThan(1e9);
    expect((await rig.file()).status).toBe(200);
  });

  test("of which only a part was asked for is left alone", async () => {
    const rig = await createRig({ [FILE]: { body: TWO, status: 206 } });
    expect(await (await rig.file()).text()).toBe(TWO);
    expect(rig.events).toEqual([]);
  });
});

describe("any other file", () => {
  const random = new Uint8Array(3_000_000).map((_, index) => (index * 7_919) % 251);

  test("passes with its bytes untouched, and costs nothing", async () => {
    const rig = await createRig({ [FILE]: { body: [random.slice(0, 9), random.slice(9)] } });
    expect(new Uint8Array(await (await rig.file()).arrayBuffer())).toEqual(random);
    expect(new Uint8Array(await (await (await rig.file()).blob()).arrayBuffer())).toEqual(random);
    expect(rig.events).toEqual([]);
    expect(rig.charges).toEqual([]);
  });
});

describe("Anthropic's results", () => {
  const RESULTS = "GET /v1/messages/batches/msgbatch_1/results";

  test("are counted line by line, for whoever created the batch", async () => {
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [{ type: "text", text: "Hi" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 11, output_tokens: 36, service_tier: "batch" },
    };
    const rig = await createRig({
      "POST /v1/messages/batches": {
        body: JSON.stringify({ id: "msgbatch_1", type: "message_batch" }),
      },
      [RESULTS]: {
        contentType: "application/x-jsonl",
        body: jsonLines(
          { custom_id: "a", result: { type: "succeeded", message } },
          { custom_id: "b", result: { type: "expired" } },
        ),
      },
    });
    const url = `${rig.server.url}/v1/messages/batches`;
    await withAttribution({ project: "atlas" }, async () =>
      (await rig.fetch(url, { method: "POST", body: "{}" })).json(),
    );
    await (await rig.fetch(`${url}/msgbatch_1/results`)).text();
    await (await rig.fetch(`${url}/msgbatch_1/results`)).text();
    expect(rig.events).toMatchObject([
      {
        id: "anthropic/msg_1",
        api: "anthropic.messages",
        provider: "anthropic",
        usage: { inputTokens: 11, outputTokens: 36 },
        attribution: { project: "atlas" },
        outcome: "ok",
      },
      { outcome: "error", errorType: "expired", usage: undefined, cost: { totalNanoUsd: 0 } },
    ]);
    expect(rig.priced).toMatchObject([{ serviceTier: "batch", provider: "anthropic" }]);
  });
});

function dearResponse(): object {
  const usage = { prompt_tokens: 9_000_000, completion_tokens: 1, total_tokens: 9_000_001 };
  return { status_code: 200, body: { id: "chatcmpl-9", model: "gpt-4o-mini", choices: [], usage } };
}

/** Lets so many bytes through, then ends. */
function limitTo(bytes: number): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.terminate();
    },
  });
}

import { createServer } from "node:http";
import { captureTelemetry, createFakeClock } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createPromQlAggregates, createSdkAggregates } from "../src/aggregates/index.ts";
import { createBudgetProcessor, parsePolicies } from "../src/index.ts";
import { by, dollars, now, policy, refusal } from "./budget-call.ts";
import { ATLAS, event } from "./usage-event.ts";

const ADVISORY = policy({ id: "advisory", each: ["project"], guarantee: "advisory" });

function failing(): never {
  throw new Error("away");
}

/** What answers every query. */
async function serve(answer: () => { readonly status?: number; readonly text: string }) {
  const queries: URLSearchParams[] = [];
  const headers: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      queries.push(new URLSearchParams(body));
      headers.push(request.headers.authorization);
      const { status = 200, text } = answer();
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/prefix/`, queries, headers };
}

const vector = (...usd: readonly number[]) =>
  JSON.stringify({
    status: "success",
    data: {
      resultType: "vector",
      result: usd.map((value, index) => ({
        metric: {
          tollgate_project: "atlas",
          tollgate_part: `${index === 0 ? "fleet" : "own"} ${index}`,
        },
        value: [0, String(value)],
      })),
    },
  });

describe("aggregates of a Prometheus", () => {
  const START = Date.UTC(2026, 2, 4, 12);

  async function read(
    answer: () => { readonly status?: number; readonly text: string },
    input = ADVISORY,
    { startMs = START, refreshSeconds = 0.02 } = {},
  ) {
    const server = await serve(answer);
    const clock = createFakeClock(startMs);
    const telemetry = captureTelemetry();
    const processor = createBudgetProcessor({
      policies: [input],
      clock,
      aggregateSource: createPromQlAggregates({
        url: server.url,
        headers: { Authorization: "Bearer secret" },
        refreshSeconds,
        maxAgeSeconds: 600,
      }),
    });
    processor.bind(telemetry.meterProvider.getMeter("test"));
    onTestFinished(async () => {
      await processor.shutdown();
      await telemetry.shutdown();
    });
    const decide = () => now(processor.reserve(by(ATLAS)));
    const answered = (times: number) =>
      expect.poll(() => server.queries.length, { timeout: 5_000 }).toBeGreaterThan(times);
    return { ...server, clock, telemetry, processor, decide, answered };
  }

  test("ask from midnight in the policy's zone, with the headers that are given", async () => {
    const { answered, queries, headers } = await read(() => ({ text: vector() }), {
      ...ADVISORY,
      match: { agent: 'a"b*', model: "gpt-5" },
      timezone: "America/New_York",
    });
    await answered(0);
    expect(headers[0]).toBe("Bearer secret");
    // Midnight in New York is 05:00 UTC.
    expect(queries[0]?.get("query")).toContain(
      'tollgate_cost_usd_total{tollgate_agent!="",tollgate_agent=~"a\\"b.*",gen_ai_request_model="gpt-5",tollgate_project!=""}[25200000ms]',
    );
    expect(queries[0]?.get("time")).toBe((START / 1_000).toFixed(3));
  });

  test("are asked for a policy that is edited, with the next reading", async () => {
    const { answered, queries, processor, decide } = await read(() => ({ text: vector(12) }));
    await answered(1);
    expect(decide().granted).toBe(false);
    const [edited] = parsePolicies([
      { ...ADVISORY, match: { model: "gpt-5" }, limit: { usd: 20 } },
    ]);
    processor.replacePolicies({ policies: edited === undefined ? [] : [edited] });
    // Of the edited one nothing is known yet, and what is not known lets pass.
    expect(decide().granted).toBe(true);
    await answered(queries.length + 1);
    expect(queries.at(-1)?.get("query")).toContain('gen_ai_request_model="gpt-5"');
    expect(await processor.states()).toMatchObject([{ aggregate: 12e9, limit: 20e9 }]);
  });

  test("take this process's share out of the sum and put its own count in", async () => {
    const { answered, processor, decide } = await read(() => ({ text: vector(9, 4) }));
    await answered(1);
    processor.record(event(4));
    expect(decide().granted).toBe(true);
    expect(await processor.states()).toMatchObject([{ aggregate: 9e9 }]);
    processor.record(event(1));
    expect(refusal(decide())).toMatchObject({ remaining: 0, resetsAtMs: Date.UTC(2026, 2, 5) });
  });

  test("know nothing of a window that has just turned but what this process spent in it", async () => {
    const once = { startMs: Date.UTC(2026, 2, 4, 23, 59, 59), refreshSeconds: 3_600 };
    const { clock, decide, processor } = await read(() => ({ text: vector(50) }), ADVISORY, once);
    processor.record(event(1));
    await expect.poll(() => decide().granted).toBe(false);
    await clock.advance(2_000);
    expect(decide().granted).toBe(true);
    processor.record(event(10));
    expect(refusal(decide())).toMatchObject({ remaining: 0, resetsAtMs: Date.UTC(2026, 2, 6) });
  });

  test.each([
    ["a page", { text: "<html>Log in</html>" }],
    ["an error", { status: 422, text: '{"status":"error","error":"parse error"}' }],
    ["a matrix", { text: '{"status":"success","data":{"resultType":"matrix","result":[]}}' }],
    [
      "half an answer",
      { text: '{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}}' },
    ],
    [
      "a warning",
      {
        text: '{"status":"success","warnings":["a store is away"],"data":{"resultType":"vector","result":[]}}',
      },
    ],
    ["no number", { text: vector(Number.NaN) }],
    ["nothing", { text: "" }],
    ["a part of JSON", { text: '{"status":"succ' }],
  ])("go on with the last reading when the answer is %s", async (_what, bad) => {
    let answer: { status?: number; text: string } = { text: vector(50) };
    const { answered, queries, decide, telemetry } = await read(() => answer);
    await answered(1);
    expect(decide().granted).toBe(false);
    answer = bad;
    await answered(queries.length + 2);
    expect(decide().granted).toBe(false);
    expect(
      await telemetry.value("tollgate_budget_aggregates_failures_total", {
        tollgate_budget: "advisory",
      }),
    ).toBeGreaterThan(0);
    expect(await telemetry.value("tollgate_budget_aggregates_age_seconds")).toBe(0);
  });

  test("show what they say, and how far the ledger is from it", async () => {
    const { answered, processor, telemetry } = await read(() => ({ text: vector(8) }));
    await answered(1);
    const decision = now(processor.reserve(by(ATLAS)));
    if (decision.granted) void decision.lease.settle(dollars(3));
    const labels = { tollgate_budget: "advisory", tollgate_project: "atlas" };
    expect(await telemetry.value("tollgate_budget_aggregate_usd", labels)).toBe(8);
    expect(await telemetry.value("tollgate_budget_divergence_usd", labels)).toBe(5);
    expect(await telemetry.value("tollgate_process_info")).toBe(1);
  });
});

const open = (input: Partial<typeof ADVISORY>) => () =>
  createBudgetProcessor({
    policies: [policy(input)],
    aggregateSource: createPromQlAggregates({ url: "http://127.0.0.1:9" }),
  });

describe("a policy on aggregates", () => {
  test("that promises more than they can is refused", () => {
    expect(open({ decideOn: "aggregates" })).toThrow(
      /guarantee: metrics lag behind and cannot deny/,
    );
    expect(open({ decideOn: "aggregates", onExceed: "throttle", guarantee: "hard" })).toThrow(
      /cannot throttle as hard/,
    );
  });

  test("that they cannot read is refused", () => {
    expect(open({ guarantee: "advisory", each: ["user"] })).toThrow(
      /each: metrics have no label for user/,
    );
    expect(open({ guarantee: "advisory", window: "total" })).toThrow(/window "total"/);
    expect(() =>
      createBudgetProcessor({ policies: [{ ...ADVISORY, decideOn: "aggregates" }] }),
    ).toThrow(/there are no aggregates/);
  });

  test("is refused also while the ledger is away", async () => {
    const source = createSdkAggregates();
    const opened = {
      ...source,
      open: () => ({
        spent: () => 11e9,
        follow() {},
        record() {},
        bind: () => () => {},
        close() {},
      }),
    };
    const store = {
      scope: "shared" as const,
      reserve: failing,
      settle: failing,
      release: failing,
      renew: failing,
      states: failing,
      control: failing,
      topUp: failing,
      close() {},
    };
    const processor = createBudgetProcessor({
      policies: [ADVISORY],
      store,
      aggregateSource: opened,
    });
    expect(refusal(now(processor.reserve(by(ATLAS))))).toMatchObject({
      reason: "exceeded",
      remaining: -1e9,
    });
  });
});

import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { text } from "node:stream/consumers";
import { verifyWebhook } from "@tollgate/budget";
import { expect, test, vi } from "vitest";
import { createMetering } from "@tollgate/metering";
import { createFakeClock, startRedis } from "@tollgate/testkit";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { loadConfig, openBudgets } from "../src/index.ts";
import { load, makeFolder, problemsOf } from "./load.ts";

const call = (id: string, project: string) => ({
  id,
  attribution: { project },
  provider: "openai",
  model: "gpt-5",
  expected: () => ({ nanoUsd: 600_000_000, tokens: 100 }),
  bound: () => ({ nanoUsd: 600_000_000, tokens: 100 }),
});

test("gates calls by the budgets of the file", async () => {
  const budgets = openBudgets(
    load("budgets: [{ id: daily, each: [project], limit: { usd: 1 }, window: total }]"),
  );
  expect(await budgets.reserve(call("1", "atlas"))).toMatchObject({ granted: true });
  expect(await budgets.reserve(call("2", "atlas"))).toMatchObject({
    granted: false,
    refusal: { budget: "daily", reason: "exceeded", unit: "usd" },
  });
  expect(await budgets.reserve(call("3", "borealis"))).toMatchObject({ granted: true });
  await budgets.shutdown();
});

test("lets every call pass when the file has no budget", async () => {
  const budgets = openBudgets(load(""));
  expect(await budgets.reserve(call("1", "atlas"))).toMatchObject({ granted: true });
  await budgets.shutdown();
});

const event = {
  id: "1",
  timeMs: 0,
  attribution: { organization: "acme", project: "atlas", agent: "reviewer" },
  provider: "openai",
  operation: "chat",
  api: "openai.chat",
  requestModel: "gpt-5",
  responseModel: "gpt-5",
  responseId: undefined,
  streaming: false,
  usage: { inputTokens: 1, outputTokens: 1 },
  additionalUsage: [],
  estimated: false,
  cost: { totalNanoUsd: 5, parts: { input: 5 }, priceSource: "catalogue" },
  outcome: "ok",
  errorType: undefined,
  finishReasons: [],
  toolCalls: [],
  durationMs: 1,
  timeToFirstChunkMs: undefined,
  chunks: undefined,
  traceId: undefined,
  spanId: undefined,
} as const;

test("adds to the aggregates that are given", async () => {
  const aggregates = createMetering();
  const budgets = openBudgets(load(""), { aggregates });
  budgets.record(event);
  expect(aggregates.totals()).toMatchObject([{ costNanoUsd: 5, requests: 1 }]);
  await budgets.shutdown();
});

describeWithServer("redis", "on a Redis", () => {
  const budgets =
    "budgets: [{ id: daily, limit: { requests: 1 }, window: total, guarantee: hard }]";

  test("two processes' worth of budgets count together", { timeout: 60_000 }, async () => {
    const redis = await startRedis();
    // What may have been lost is waited for, so close to a server's start.
    await redis.command("HSET", "tollgate:{shop}:meta", "run", "none");
    const config = load(`store: { redis: { url: "${redis.url}", namespace: shop } }\n${budgets}`);
    const [one, other] = [openBudgets(config), openBudgets(config)];
    expect(await one.reserve(call("1", "atlas"))).toMatchObject({
      granted: false,
      refusal: { reason: "store_unavailable" },
    });
    // On a busy machine a first answer may come too late.
    const patience = { timeout: 20_000 };
    await vi.waitFor(async () => {
      await redis.command("HSET", "tollgate:{shop}:meta", "resume", "0");
      expect(await one.reserve(call("2", "atlas"))).toMatchObject({ granted: true });
    }, patience);
    await vi.waitFor(async () => {
      expect(await other.reserve(call("3", "atlas"))).toMatchObject({
        granted: false,
        refusal: { reason: "exceeded", remaining: 0 },
      });
    }, patience);
    await Promise.all([one.shutdown(), other.shutdown()]);
    await redis.stop();
  });

  test("with slices, calls that come fast are answered at once above a store that answers later", async () => {
    const redis = await startRedis();
    await redis.command("HSET", "tollgate:{shop}:meta", "run", "none");
    const file = `store: { redis: { url: "${redis.url}", namespace: shop }, slices: true }
budgets: [{ id: daily, limit: { usd: 1000 }, window: total }]`;
    const clock = createFakeClock();
    const sliced = openBudgets(load(file), { clock });
    await sliced.reserve(call("0", "atlas"));
    await redis.command("HSET", "tollgate:{shop}:meta", "resume", "0");
    for (let count = 1; count <= 20; count++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const decision = await sliced.reserve(call(String(count), "atlas"));
      if (!decision.granted) throw new Error("refused");
      // oxlint-disable-next-line no-await-in-loop
      await decision.lease.settle({ nanoUsd: 1_000_000, tokens: 1 });
      // oxlint-disable-next-line no-await-in-loop
      await clock.advance(40);
    }
    expect(sliced.reserve(call("at once", "atlas"))).toMatchObject({ granted: true });
    await sliced.shutdown();
    const other = openBudgets(load(file));
    expect(await other.states()).toMatchObject([{ spent: 21_000_000, reserved: 0 }]);
    await other.shutdown();
    await redis.stop();
  });
});

test.each([
  ["store: { redis: 7 }", "redis"],
  ["store: { redis: [] }", "redis"],
  ["store: { redis: http://example.org }", "is no URL of a Redis server"],
  ["store: { redis: { url: redis://localhost, namespace: a b } }", "write 1 to 64"],
  ["store: { reddis: redis://localhost }", 'did you mean "redis"?'],
  ["store: {}", "redis"],
])("refuses %s", (yaml, problem) => {
  expect(problemsOf(yaml).join("\n")).toContain(problem);
});

test("a Redis URL that is wrong is not shown: it may hold a password", () => {
  expect(problemsOf("store: { redis: reds://user:secret@host }").join("\n")).not.toContain(
    "secret",
  );
});

test("keeps counters in the SQLite file that the configuration names, beside itself", async () => {
  const folder = makeFolder();
  writeFileSync(
    join(folder, "tollgate.yaml"),
    "budgets: [{ id: daily, limit: { usd: 1 }, window: total }]\nstore: { sqlite: budget.db }",
  );
  const config = loadConfig({
    cwd: tmpdir(),
    env: { TOLLGATE_CONFIG: join(folder, "tollgate.yaml") },
  });
  expect(config.store).toEqual({ sqlite: join(folder, "budget.db"), slices: false });
  const first = openBudgets(config);
  expect(await first.reserve(call("1", "atlas"))).toMatchObject({ granted: true });
  await first.shutdown();
  const second = openBudgets(config);
  expect(await second.reserve(call("2", "atlas"))).toMatchObject({
    granted: false,
    refusal: { reason: "exceeded" },
  });
  await second.shutdown();
});

test("says what is wrong with a store that cannot be opened", () => {
  const config = load("store: { sqlite: ./none/budget.db }");
  expect(() => openBudgets(config)).toThrow(/none is not there; make it, or name another one/);
});

test("guards of the file watch for runaways", async () => {
  const budgets = openBudgets(
    load("guards: [{ id: loops, each: [project], callsPerMinute: 1, action: deny }]"),
  );
  expect(await budgets.reserve(call("1", "atlas"))).toMatchObject({ granted: true });
  expect(await budgets.reserve(call("2", "atlas"))).toMatchObject({
    refusal: { budget: "loops", reason: "runaway" },
  });
  await budgets.shutdown();
});

async function receive(server: Server): Promise<{ body: string; headers: IncomingHttpHeaders }> {
  const [request, response]: [IncomingMessage, ServerResponse] = await new Promise((resolve) => {
    server.once("request", (asked, answer) => resolve([asked, answer]));
  });
  const body = await text(request);
  response.end();
  return { body, headers: request.headers };
}

test("alerts go to the webhooks of the file, signed with the secret of the environment", async () => {
  const secret = "a secret of the team";
  const receiver = createServer();
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const budgets = openBudgets(
    load(
      `budgets: [{ id: daily, limit: { usd: 1 }, window: day, alertAt: [50] }]
alerts: { webhooks: [{ url: "http://127.0.0.1:${port}/", secretEnv: TEAM_SECRET }] }`,
    ),
    { env: { TEAM_SECRET: secret } },
  );
  const received = receive(receiver);
  const decision = await budgets.reserve(call("1", "atlas"));
  if (decision.granted) void decision.lease.settle({ nanoUsd: 600_000_000, tokens: 100 });
  const { body, headers } = await received;
  await budgets.shutdown();
  receiver.close();
  expect(JSON.parse(body)).toMatchObject({ type: "budget.threshold" });
  const header = (name: string): string => String(headers[name]);
  expect(await verifyWebhook({ secret, header, body })).toMatchObject({
    genuine: true,
  });
});

test("a secret that is not in the environment is an error, not an unsigned webhook", () => {
  const config = load(
    'alerts: { webhooks: [{ url: "https://a.example/", secretEnv: TEAM_SECRET }] }',
  );
  expect(() => openBudgets(config, { env: {} })).toThrow(
    "alerts.webhooks[0].secretEnv: TEAM_SECRET is not set",
  );
});

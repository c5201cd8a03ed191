import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { runNode, startRedis, type NodeProcess, type RedisServer } from "@tollgate/testkit";
import type { BudgetStore } from "../src/index.ts";
import { writeEnding } from "../src/outbox/ending.ts";
import { openRedisStore, type PendingEnd, type RedisStoreOptions } from "../src/redis/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import { amounts, reserveIn, soon } from "./redis-books.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { makeFolder } from "./store-folder.ts";

const total = counter({ budget: "org", limit: 1e9, window: { kind: "total" } });
const CALLS = 20;
const MANY = 200;

const reserve = (store: BudgetStore, leaseId: string): Promise<unknown> =>
  reserveIn(store, total, leaseId, 30);

function collectWarnings(): readonly string[] {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore, warn };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
  return warnings;
}

function ignore(): void {}

describeWithServer("redis", "ends of calls that wait for a Redis on the disk", () => {
  vi.setConfig({ testTimeout: 30_000 });
  let redis: RedisServer;
  let folder: string;
  let outbox: string;
  beforeEach(async () => {
    folder = makeFolder();
    outbox = join(folder, "ends", "outbox");
    redis = await startRedis({ folder });
  });
  afterEach(() => redis.stop());

  const again = async (): Promise<void> => {
    redis = await startRedis({ port: redis.port, folder });
  };

  function open(options: Partial<RedisStoreOptions> = {}): BudgetStore {
    const store = openRedisStore({
      url: redis.url,
      pauseMs: 0,
      timeoutMs: 2_000,
      outbox,
      ...options,
    });
    onTestFinished(() => store.close());
    return store;
  }
  function start(job: string): NodeProcess {
    const child = runNode({
      script: fileURLToPath(new URL("fixtures/redis-process.ts", import.meta.url)),
      args: [redis.url, outbox, job],
      nodeArgs: ["--conditions=source"],
    });
    onTestFinished(() => child.kill("SIGKILL"));
    return child;
  }
  const files = (): string[] => readdirSync(join(folder, "ends"));
  const lines = (): string[] =>
    files().flatMap((name) =>
      readFileSync(join(folder, "ends", name), "utf8")
        .trim()
        .split("\n"),
    );

  test("they outlive kill -9, and the next process has them counted once", async () => {
    const child = start("settle");
    await child.untilStdout(/ready/);
    await redis.kill();
    child.write("go\n");
    await soon(() => expect(lines()).toHaveLength(CALLS));
    child.kill("SIGKILL");
    await child.exited;
    await again();
    const next = open();
    await soon(async () => expect(await amounts(next)).toEqual([CALLS * 7, 0]));
    await soon(() => expect(files()).toEqual([]));
    await next.settle("call-0", [7]);
    expect(await amounts(next)).toEqual([CALLS * 7, 0]);
  });

  test("the process that wrote them sends them when it is back", async () => {
    const store = open();
    await reserve(store, "a");
    await redis.kill();
    await store.settle("a", [25]);
    await soon(() => expect(lines()).toHaveLength(1));
    await store.settle("a", [26]);
    await again();
    await soon(async () => expect(await amounts(store)).toEqual([25, 0]));
    await soon(() => expect(files()).toEqual([]));
  });

  test("what a process has no answer for when it exits is sent by the next one", async () => {
    const child = start("exit");
    await child.untilStdout(/ready/);
    child.write("go\n");
    await child.exited;
    expect(lines()).toHaveLength(CALLS);
    const next = open();
    await soon(async () => expect(await amounts(next)).toEqual([CALLS * 7, 0]));
    await soon(() => expect(files()).toEqual([]));
  });

  test("two processes that start at once send each file once", async () => {
    const first = open({ outbox: undefined });
    const ids = Array.from({ length: MANY }, (_, call) => `call-${call}`);
    await Promise.all(ids.map((id) => reserve(first, id)));
    const [one, other] = [start("send"), start("send")];
    await Promise.all([one.untilStdout(/ready/), other.untilStdout(/ready/)]);
    mkdirSync(join(folder, "ends"));
    for (let file = 0; file < 10; file++) {
      const texts = ids
        .filter((_, call) => call % 10 === file)
        .map((leaseId) => writeEnding({ leaseId, amounts: [7] }));
      writeFileSync(`${outbox}.default-1-${file}-x.jsonl`, texts.join(""));
    }
    await redis.command("CONFIG", "RESETSTAT");
    for (const each of [one, other]) each.write("go\n");
    await Promise.all([one.exited, other.exited]);
    expect(files()).toEqual([]);
    const stats = await redis.command("INFO", "commandstats");
    // One end is one lease replaced.
    expect(/cmdstat_set:calls=(\d+)/.exec(stats)?.[1]).toBe(String(MANY));
    expect(await amounts(first)).toEqual([MANY * 7, 0]);
  });

  test("of a call that spans organizations' keys each part is written down and counted once", async () => {
    const acme = { ...total, key: "acme", organization: "acme" };
    const store = open({ partition: "organization" });
    const holds = [hold(acme, 30), hold(total, 40)];
    await store.reserve({ leaseId: "a", ttlMs: 60_000, holds });
    await redis.kill();
    await store.settle("a", [7, 9]);
    await store.close();
    expect(lines()).toHaveLength(2);
    await again();
    const next = open({ partition: "organization" });
    await soon(async () => {
      expect((await amounts(next)).toSorted((a, b) => a - b)).toEqual([0, 0, 7, 9]);
    });
    await soon(() => expect(files()).toEqual([]));
  });

  test("memory holds no more than it may; the disk takes the rest", async () => {
    const given: PendingEnd[] = [];
    const store = open({ maxPending: 3, onGivenUp: (ends) => void given.push(...ends) });
    const ids = Array.from({ length: CALLS }, (_, call) => `call-${call}`);
    await Promise.all(ids.map((id) => reserve(store, id)));
    await redis.kill();
    await Promise.all(ids.map(async (id) => store.settle(id, [7])));
    await store.close();
    expect(given).toEqual([]);
    expect(new Set(lines())).toHaveLength(CALLS);
    await again();
    const next = open();
    await soon(async () => expect(await amounts(next)).toEqual([CALLS * 7, 0]));
  });

  test("where nothing can be written they wait in memory, and it is said once", async () => {
    const warnings = collectWarnings();
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "outbox");
    const store = open({ outbox: path });
    await Promise.all([reserve(store, "a"), reserve(store, "b")]);
    await redis.kill();
    expect(await store.settle("a", [25])).toEqual({ notices: [] });
    const told = (): string[] => warnings.filter((text) => text.includes("cannot be written to"));
    await soon(() => expect(told()).toHaveLength(1));
    await store.settle("b", [5]);
    await again();
    await soon(async () => expect(await amounts(store)).toEqual([30, 0]));
    expect(told()).toEqual([expect.stringContaining(path)]);
  });

  test("another namespace's are left alone, also when its name begins alike", async () => {
    const store = open({ namespace: "shop-2" });
    await reserve(store, "a");
    await redis.kill();
    await store.settle("a", [25]);
    await store.close();
    await again();
    const other = open({ namespace: "shop" });
    await soon(async () => expect(await amounts(other)).toEqual([]));
    await other.close();
    expect(lines()).toHaveLength(1);
    await soon(async () => expect(await amounts(open({ namespace: "shop-2" }))).toEqual([25, 0]));
  });
});

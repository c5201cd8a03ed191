import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from "@tollgate/testkit";
import { createBudgetProcessor, createMemoryStore, type BudgetStore } from "../src/index.ts";
import { openRedisStore, type RedisStoreOptions } from "../src/redis/index.ts";
import { counter, createHandClock, hold } from "../src/testing/store-fixture.ts";
import { by, policy } from "./budget-call.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const TTL_MS = 60_000;
const NOON = Date.UTC(2026, 2, 4, 12);
const platform = counter({ budget: "platform", limit: 1_000 });
const of = (organization: string, limit = 100): ReturnType<typeof counter> =>
  counter({ budget: "org", scope: { organization }, organization, limit });

type Open = (namespace: string, options?: Partial<RedisStoreOptions>) => BudgetStore;

function opener(url: () => string | readonly string[]): Open {
  return (namespace, options) => {
    const store = openRedisStore({
      url: url(),
      namespace,
      partition: "organization",
      pauseMs: 0,
      timeoutMs: 5_000,
      ...options,
    });
    onTestFinished(() => store.close());
    return store;
  };
}

async function ask(store: BudgetStore, name: string, leaseId: string): Promise<string> {
  const holds = [hold({ ...of(name), controls: ["all"] }, 1)];
  return (await store.reserve({ leaseId, ttlMs: TTL_MS, holds })).outcome;
}

async function books(store: BudgetStore): Promise<Record<string, readonly number[]>> {
  const { states } = await store.states();
  return Object.fromEntries(
    states.map(({ counter: { key }, spent, reserved }) => [key, [spent, reserved]]),
  );
}

describeWithServer("redis", "organizations in keys of their own", () => {
  vi.setConfig({ testTimeout: 20_000 });
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  const open = opener(() => redis.url);

  test("a call under two of its organization's budgets is one script there", async () => {
    const store = open("one-script");
    const holds = [hold(of("acme"), 1), hold({ ...of("acme"), key: "other" }, 1)];
    await store.reserve({ leaseId: "a", ttlMs: TTL_MS, holds });
    await store.settle("a", [1, 1]);
    await redis.command("CONFIG", "RESETSTAT");
    await store.reserve({ leaseId: "b", ttlMs: TTL_MS, holds });
    const stats = await redis.command("INFO", "commandstats");
    expect(stats).toContain("cmdstat_evalsha:calls=1,");
  });

  test("what one partition refuses is held in none, and every refusal is named", async () => {
    const store = open("none-or-all");
    const tight = { ...platform, limit: 50 };
    const askBoth = (leaseId: string, amount: number): unknown =>
      store.reserve({
        leaseId,
        ttlMs: TTL_MS,
        holds: [hold(tight, amount), hold(of("acme"), amount)],
      });
    expect(await askBoth("a", 51)).toMatchObject({ outcome: "refused", refusals: [{ index: 0 }] });
    expect(await askBoth("b", 101)).toMatchObject({ refusals: [{ index: 0 }, { index: 1 }] });
    for (const [, reserved] of Object.values(await books(store))) expect(reserved).toBe(0);
    expect(await askBoth("a", 50)).toMatchObject({ outcome: "granted", remaining: [0, 50] });
  });

  test("calls at once of many organizations exceed neither their limits nor the platform's", async () => {
    const stores = [open("at-once"), open("at-once")];
    const names = ["acme", "bolt", "cone"];
    let granted = 0;
    const call = async (index: number): Promise<void> => {
      const store = stores[index % 2] ?? stores[0];
      const leaseId = `call-${index}`;
      const holds = [hold(platform, 10), hold(of(names[index % 3] ?? "", 500), 10)];
      const answer = await store?.reserve({ leaseId, ttlMs: TTL_MS, holds });
      if (answer?.outcome !== "granted") return;
      granted++;
      await store?.settle(leaseId, [10, 10]);
    };
    await Promise.all(Array.from({ length: 600 }, (_, index) => call(index)));
    const [store = open("at-once")] = stores;
    const all = await books(store);
    expect(all["platform|usd"]).toEqual([granted * 10, 0]);
    const orgs = names.map((name) => all[`org|usd|${name}`] ?? []);
    expect(orgs.map(([, reserved]) => reserved)).toEqual([0, 0, 0]);
    expect(orgs.reduce((sum, [spent = 0]) => sum + spent, 0)).toBe(granted * 10);
    expect(Math.max(...orgs.map(([spent = 0]) => spent))).toBeLessThanOrEqual(500);
    expect(granted).toBeLessThanOrEqual(100);
    expect(granted).toBeGreaterThan(0);
  });

  test("a freeze reaches every organization, also one that comes later or through another process", async () => {
    const [one, other] = [open("freeze"), open("freeze")];
    expect(await ask(other, "acme", "a")).toBe("granted");
    await one.control("all", { frozen: true });
    expect(await ask(other, "acme", "b")).toBe("refused");
    expect(await ask(other, "later", "c")).toBe("refused");
    await other.control("all", undefined);
    expect(await ask(one, "acme", "d")).toBe("granted");
    expect(await ask(other, "later", "e")).toBe("granted");
    expect(await ask(one, "even later", "f")).toBe("granted");
  });

  test("an organization that missed a control gets it when states are read", async () => {
    const [one, other] = [open("repair"), open("repair")];
    const holds = [hold({ ...of("acme"), controls: ["all"] }, 1)];
    await other.reserve({ leaseId: "a", ttlMs: TTL_MS, holds });
    await one.control("all", { frozen: true });
    await redis.command("DEL", "tollgate:{repair/acme}:controls");
    await redis.command("HDEL", "tollgate:{repair/acme}:meta", "controls", "cv");
    expect(await other.reserve({ leaseId: "b", ttlMs: TTL_MS, holds })).toMatchObject({
      outcome: "granted",
    });
    await one.states();
    expect(await other.reserve({ leaseId: "c", ttlMs: TTL_MS, holds })).toMatchObject({
      outcome: "refused",
    });
  });

  test("leases of a process that died are charged in organizations that nobody asks any more", async () => {
    const clock = createHandClock(NOON);
    const dead = open("swept", { clock });
    await dead.reserve({ leaseId: "a", ttlMs: TTL_MS, holds: [hold(of("acme"), 30)] });
    const other = open("swept", { clock });
    clock.advance(TTL_MS);
    const { notices, states } = await other.states();
    expect(notices).toMatchObject([{ kind: "presumed", leaseId: "a", amount: 30 }]);
    expect(states).toMatchObject([{ spent: 30, reserved: 0 }]);
    await dead.settle("a", [12]);
    expect(await books(other)).toEqual({ "org|usd|acme": [12, 0] });
  });

  test("an organization with nothing to see goes from the list a day later", async () => {
    const clock = createHandClock(NOON);
    const store = open("listed", { clock });
    await store.reserve({ leaseId: "a", ttlMs: TTL_MS, holds: [hold(of("acme"), 0)] });
    await store.release("a");
    const count = ["ZCARD", "tollgate:{listed}:partitions"];
    expect(await redis.command(...count)).toBe(":1\r\n");
    clock.advance(26 * 3_600_000);
    // What is over is left out of a list when it is read, and gone with the next read.
    for (let read = 0; read < 4; read++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await store.states();
    }
    expect(await redis.command(...count)).toBe(":0\r\n");
  });

  test("a flush loses neither what is held nor which organizations there are", async () => {
    const store = open("flushed");
    const holds = [hold(platform, 20), hold(of("acme"), 20)];
    await store.reserve({ leaseId: "a", ttlMs: TTL_MS, holds });
    await redis.command("FLUSHALL");
    const more = [hold(platform, 1), hold(of("acme"), 1)];
    await store.reserve({ leaseId: "b", ttlMs: TTL_MS, holds: more });
    await store.reserve({ leaseId: "c", ttlMs: TTL_MS, holds: more });
    const expected = { "platform|usd": [0, 22], "org|usd|acme": [0, 22] };
    expect(await books(open("flushed"))).toEqual(expected);
  });

  test("a hard budget over several organizations is refused when the processor is made", () => {
    const store = open("hard");
    const made = (options: Parameters<typeof policy>[0]) => () =>
      createBudgetProcessor({ store, policies: [policy({ id: "all/hard", ...options })] });
    const hard = { guarantee: "hard" } as const;
    for (const match of [undefined, { organization: "acme-*" }, { project: "atlas" }]) {
      expect(made({ ...hard, match })).toThrow(
        expect.objectContaining({
          code: "TOLLGATE_CONFIG_INVALID",
          message: expect.stringContaining('budget "all/hard": guarantee: the store keeps'),
        }),
      );
    }
    expect(made({ ...hard, match: { organization: "acme" } })).not.toThrow();
    expect(made({ ...hard, each: ["organization"] })).not.toThrow();
    expect(made({})).not.toThrow();
    const policies = [policy({ guarantee: "hard" })];
    expect(() => createBudgetProcessor({ store: createMemoryStore(), policies })).not.toThrow();
  });

  test("a processor's budgets of one organization, of each, of all and of none go on side by side", async () => {
    const store = open("processor");
    const processor = createBudgetProcessor({
      store,
      policies: [
        policy({ id: "acme", guarantee: "hard", match: { organization: "acme" } }),
        policy({ id: "each", guarantee: "hard", each: ["organization"], limit: { usd: 4 } }),
        policy({ id: "platform", limit: { usd: 8 } }),
      ],
    });
    const spend = async (organization?: string): Promise<unknown> => {
      const decision = await processor.reserve(
        by(organization === undefined ? {} : { organization }, { usd: 2, most: 2 }),
      );
      if (!decision.granted) return decision.refusal.budget;
      await decision.lease.settle({ nanoUsd: 2e9, tokens: 200 });
      return "granted";
    };
    expect(await spend("acme")).toBe("granted");
    expect(await spend("acme")).toBe("granted");
    expect(await spend("acme")).toBe("each");
    expect(await spend("bolt")).toBe("granted");
    expect(await spend()).toBe("granted");
    expect(await spend()).toBe("platform");
    expect(await spend("bolt")).toBe("platform");
    expect(await books(store)).toMatchObject({
      "acme|usd|day@UTC": [4e9, 0],
      "platform|usd|day@UTC": [8e9, 0],
    });
  });
});

describeWithServer("redis", "organizations on a Redis Cluster of three nodes", () => {
  vi.setConfig({ testTimeout: 20_000 });
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  afterAll(() => cluster.stop());
  const open = opener(() => cluster.urls);

  test("their keys lie in different slots, and so on all nodes", async () => {
    const store = open("spread");
    const names = Array.from({ length: 12 }, (_, index) => `org-${index}`);
    await Promise.all(
      names.map(async (name) =>
        store.reserve({ leaseId: name, ttlMs: TTL_MS, holds: [hold(of(name), 1)] }),
      ),
    );
    const slots = await Promise.all(
      names.map(async (name) =>
        cluster.nodes[0]?.command("CLUSTER", "KEYSLOT", `tollgate:{spread/${name}}:meta`),
      ),
    );
    expect(new Set(slots).size).toBe(names.length);
    const perNode = await Promise.all(
      cluster.nodes.map((node) => node.command("KEYS", "tollgate:{spread/*}:meta")),
    );
    for (const keys of perNode) expect(keys).toContain("spread/org-");
    expect((await store.states()).states).toHaveLength(names.length);
  });

  test("any text is an organization's name", async () => {
    const store = open("names");
    const names = ["a}b", "{", "ü/ß", "a b", "a%20b", "\n"];
    const reserve = async (name: string): Promise<unknown> =>
      store.reserve({ leaseId: "one", ttlMs: TTL_MS, holds: [hold(of(name), 60)] });
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop -- one id, one after the other
      expect(await reserve(name)).toMatchObject({ outcome: "granted", remaining: [40] });
      // oxlint-disable-next-line no-await-in-loop
      await store.settle("one", [60]);
    }
    expect((await store.states()).states).toHaveLength(names.length);
  });
});

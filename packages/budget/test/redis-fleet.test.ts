import { fileURLToPath } from "node:url";
import { createClient } from "@redis/client";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { runNode, startRedis, type RedisServer } from "@tollgate/testkit";
import type { BudgetStore } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const HOUR_MS = 3_600_000;
const FIVE_DOLLARS = 5_000_000_000;
const caller = fileURLToPath(new URL("fixtures/redis-caller.ts", import.meta.url));

describeWithServer("redis", "a fleet on one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(() => void vi.useRealTimers());

  function open(namespace: string): BudgetStore {
    const store = openRedisStore({ url: redis.url, namespace, pauseMs: 0, timeoutMs: 20_000 });
    onTestFinished(() => store.close());
    return store;
  }

  test("1,000 calls at once in each of three processes spend five dollars and not a nano more", async () => {
    const run = (): Promise<{ stdout: string; stderr: string }> =>
      runNode({
        script: caller,
        nodeArgs: ["--conditions=source"],
        args: [redis.url, String(FIVE_DOLLARS)],
      }).exited;
    const exits = await Promise.all([run(), run(), run()]);
    const granted = exits.map(({ stdout, stderr }) => Number(stdout.trim() || stderr));
    expect(granted.reduce((sum, count) => sum + count, 0)).toBe(500);
    const { states } = await open("fleet").states();
    expect(states).toMatchObject([{ spent: FIVE_DOLLARS, reserved: 0 }]);
  }, 60_000);

  test("a client of the app's own is used and left open", async () => {
    const client = await createClient({ url: redis.url }).connect();
    const store = openRedisStore({ client, namespace: "own", pauseMs: 0 });
    const holds = [hold(counter(), 1)];
    expect(await store.reserve({ leaseId: "a", ttlMs: 60_000, holds })).toMatchObject({
      outcome: "granted",
    });
    await store.close();
    expect(await client.ping()).toBe("PONG");
    expect(client.listenerCount("ready")).toBe(0);
    client.destroy();
  });

  test.each([-7, 9])(
    "windows follow the server's clock, also %d hours from ours",
    async (hours) => {
      const realMs = Date.now();
      vi.useFakeTimers({ toFake: ["Date"], now: realMs + hours * HOUR_MS });
      const store = open(`skewed-${hours}`);
      const daily = counter();
      const holds = [hold(daily, 60)];
      expect(await store.reserve({ leaseId: "a", ttlMs: 60_000, holds })).toMatchObject({
        outcome: "granted",
      });
      const { states } = await store.states();
      const dayMs = 24 * HOUR_MS;
      const startMs = Math.floor(realMs / dayMs) * dayMs;
      expect(states).toMatchObject([{ windowStartMs: startMs, windowEndMs: startMs + dayMs }]);
      expect(await store.reserve({ leaseId: "b", ttlMs: 60_000, holds })).toMatchObject({
        refusals: [{ resetsAtMs: startMs + dayMs }],
      });
    },
  );

  test("every key but a used total's goes by itself a day after its window", async () => {
    const store = open("expiry");
    const holds = [
      hold(counter({ budget: "day" }), 1),
      hold(
        counter({
          budget: "rolling",
          window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 },
        }),
        1,
      ),
      hold(counter({ budget: "task", window: { kind: "task", idleMs: HOUR_MS } }), 1),
    ];
    await store.reserve({ leaseId: "a", ttlMs: 60_000, holds });
    const keys = (await redis.command("KEYS", "tollgate:{expiry}:*")).match(/tollgate:\S+/g) ?? [];
    const lasting = /:(meta|leases|counters)$/;
    const days = await Promise.all(
      keys
        .filter((key) => !lasting.test(key))
        .map(async (key) => Number((await redis.command("TTL", key)).slice(1)) / 86_400),
    );
    expect(days).toHaveLength(4);
    for (const day of days) {
      expect(day).toBeGreaterThan(1);
      expect(day).toBeLessThan(2.1);
    }
  });

  test("a call touches its own counters, however many there are", async () => {
    const store = open("many");
    const each = (user: number): Promise<unknown> =>
      Promise.resolve(
        store.reserve({
          leaseId: `idle-${user}`,
          ttlMs: 60_000,
          holds: [hold(counter({ scope: { user: String(user) } }), 1)],
        }),
      );
    await Promise.all(Array.from({ length: 2_000 }, (_, user) => each(user)));
    await redis.command("CONFIG", "RESETSTAT");
    await store.reserve({
      leaseId: "a",
      ttlMs: 60_000,
      holds: [hold(counter({ scope: { user: "7" } }), 1)],
    });
    await store.settle("a", [1]);
    const stats = await redis.command("INFO", "commandstats");
    const calls = [...stats.matchAll(/calls=(\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(calls).toBeLessThan(25);
    expect((await store.states()).states).toHaveLength(2_000);
  });

  test.each([-1, 0.5, Number.NaN, 1e300])(
    "an amount of %d is refused before it is sent",
    async (amount) => {
      const store = open("amounts");
      await expect(
        store.reserve({ leaseId: "a", ttlMs: 1, holds: [hold(counter(), amount)] }),
      ).rejects.toThrow(RangeError);
      await expect(store.settle("a", [amount])).rejects.toThrow(RangeError);
    },
  );

  test.each([
    [{ url: "localhost:6379" }, "redis://"],
    [{}, "either a url or a client"],
    [{ url: "redis://localhost", namespace: "a{b}" }, "no name"],
  ])("%j is refused", (options, message) => {
    expect(() => openRedisStore(options)).toThrow(message);
  });
});

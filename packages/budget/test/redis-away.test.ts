import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startRedis, type RedisServer } from "@tollgate/testkit";
import { createBudgetProcessor, type BudgetStore, type ReserveAnswer } from "../src/index.ts";
import { openRedisStore, type PendingEnd, type RedisStoreOptions } from "../src/redis/index.ts";
import { counter } from "../src/testing/store-fixture.ts";
import { call, dollars, policy } from "./budget-call.ts";
import { amounts, reserveIn, soon } from "./redis-books.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const TTL_MS = 60_000;
const total = counter({ budget: "org", window: { kind: "total" } });

const reserve = (store: BudgetStore, leaseId: string, amount: number): Promise<ReserveAnswer> =>
  reserveIn(store, total, leaseId, amount);

describeWithServer("redis", "a Redis that goes away", () => {
  vi.setConfig({ testTimeout: 20_000 });
  let redis: RedisServer;
  const again = async (): Promise<void> => {
    redis = await startRedis({ port: redis.port });
  };
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  function open(options: Partial<RedisStoreOptions> = {}): BudgetStore {
    const store = openRedisStore({ url: redis.url, pauseMs: 0, timeoutMs: 2_000, ...options });
    onTestFinished(() => store.close());
    return store;
  }

  test("a reservation is rejected in time, so that onStoreError decides", async () => {
    const store = open({ timeoutMs: 500 });
    await soon(() => reserve(store, "a", 1));
    await redis.kill();
    const startedMs = performance.now();
    await expect(reserve(store, "b", 1)).rejects.toThrow(/./);
    await expect(reserve(store, "c", 1)).rejects.toThrow(/./);
    expect(performance.now() - startedMs).toBeLessThan(2 * 500 + 500);
  });

  test("one that hangs is rejected in time too, and holds nothing in the end", async () => {
    const store = open({ timeoutMs: 500 });
    await soon(() => reserve(store, "a", 1));
    process.kill(redis.pid, "SIGSTOP");
    await expect(reserve(store, "b", 50)).rejects.toThrow("did not answer within 500 ms");
    process.kill(redis.pid, "SIGCONT");
    await soon(async () => expect(await amounts(store)).toEqual([0, 1]));
  });

  test("ends wait and count once when it is back, with what was held re-asserted", async () => {
    const store = open();
    await reserve(store, "ends", 30);
    await reserve(store, "goes on", 20);
    await redis.kill();
    expect(await store.settle("ends", [25])).toEqual({ notices: [] });
    await again();
    await soon(async () => expect(await amounts(store)).toEqual([25, 20]));
    await store.settle("ends", [25]);
    await store.settle("goes on", [5]);
    expect(await amounts(store)).toEqual([30, 0]);
  });

  test("after a restart that lost everything admission pauses; then what is live is held", async () => {
    const store = open({ pauseMs: 3_000 });
    const other = open({ pauseMs: 3_000 });
    await soon(() => reserve(store, "live", 60));
    await reserve(other, "too", 30);
    await redis.kill();
    await again();
    await soon(async () => expect((await store.states()).states).toHaveLength(1));
    await expect(reserve(store, "b", 11)).rejects.toThrow("started or took over");
    await store.renew(["live"], TTL_MS);
    await soon(async () => other.renew(["too"], TTL_MS));
    expect(await amounts(store)).toEqual([0, 90]);
    const answer = await soon(() => reserve(store, "c", 11));
    expect(answer).toMatchObject({ outcome: "refused", refusals: [{ remaining: 10 }] });
  });

  test("a flush is noticed like a restart", async () => {
    const store = open();
    await reserve(store, "live", 60);
    await redis.command("FLUSHALL");
    expect(await reserve(store, "b", 41)).toMatchObject({ outcome: "refused" });
    expect(await amounts(store)).toEqual([0, 60]);
  });

  test("scripts that were forgotten are loaded again, without a pause", async () => {
    const store = open({ pauseMs: 60_000, namespace: "scripts" });
    await redis.command("HSET", "tollgate:{scripts}:meta", "resume", "0");
    await expect(reserve(store, "a", 1)).rejects.toThrow("took over");
    await redis.command("HSET", "tollgate:{scripts}:meta", "resume", "0");
    await reserve(store, "a", 1);
    await redis.command("SCRIPT", "FLUSH");
    expect(await reserve(store, "b", 1)).toMatchObject({ outcome: "granted" });
    await redis.command("SCRIPT", "FLUSH");
    await store.settle("b", [1]);
    expect(await amounts(store)).toEqual([1, 1]);
  });

  test("a process that comes while it is away starts as soon as it is there", async () => {
    await redis.kill();
    const store = open({ timeoutMs: 500 });
    await expect(reserve(store, "a", 1)).rejects.toThrow(/./);
    await again();
    await soon(async () =>
      expect(await reserve(store, "b", 1)).toMatchObject({ outcome: "granted" }),
    );
  });

  test.each([
    ["hard", "closed", [false, false, false]],
    ["bounded", "counted in this process", [true, true, false]],
    ["advisory", "open", [true, true, true]],
  ] as const)(
    "meanwhile a %s budget is %s: of three calls, two of which fit, it grants %j",
    async (guarantee, _, expected) => {
      const store = open({ timeoutMs: 10_000 });
      const usd = { usd: 1, most: 1 };
      const processor = createBudgetProcessor({
        store,
        policies: [policy({ guarantee, limit: { usd: 2 } })],
      });
      const decide = async (): Promise<boolean> => {
        const decision = await processor.reserve(call(usd));
        if (decision.granted) await decision.lease.settle(dollars(1));
        return decision.granted;
      };
      await soon(async () => expect(await decide()).toBe(true));
      await redis.kill();
      const decisions = [await decide(), await decide(), await decide()];
      expect(decisions).toEqual(expected);
    },
  );

  test("what cannot be sent before the store is closed is handed on", async () => {
    const handed: PendingEnd[] = [];
    const store = open({ onGivenUp: (ends) => void handed.push(...ends) });
    await reserve(store, "a", 30);
    await redis.kill();
    await store.settle("a", [25]);
    await store.close();
    expect(handed).toEqual([{ leaseId: "a", amounts: [25] }]);
  });

  test("traffic over a restart ends with exact books", async () => {
    const store = open({ timeoutMs: 2_000 });
    const large = { ...total, limit: 1_000_000 };
    let granted = 0;
    let settled = 0;
    async function callOnce(leaseId: string): Promise<void> {
      try {
        const answer = await reserveIn(store, large, leaseId, 5);
        if (answer.outcome !== "granted") return;
        granted++;
        await store.settle(leaseId, [3]);
        settled++;
      } catch {
        // It was not let through.
      }
    }
    const traffic = async (name: string): Promise<void> => {
      for (let count = 0; count < 150; count++) {
        // oxlint-disable-next-line no-await-in-loop -- traffic of 20 callers
        await callOnce(`${name}-${count}`);
        if (name === "1" && count === 75) {
          // oxlint-disable-next-line no-await-in-loop
          await redis.command("SCRIPT", "FLUSH");
          process.kill(redis.pid, "SIGSTOP");
          setTimeout(() => process.kill(redis.pid, "SIGCONT"), 100);
        }
      }
    };
    await reserve(store, "first", 0);
    await Promise.all(Array.from({ length: 20 }, (_, index) => traffic(String(index))));
    expect(settled).toBe(granted);
    await soon(async () => expect(await amounts(store)).toEqual([granted * 3, 0]));
  });
});

import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startRedis } from "@tollgate/testkit";
import type { BudgetStore } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { makeFolder } from "./store-folder.ts";

const total = counter({ budget: "org", window: { kind: "total" } });
const ttlMs = 60_000;

async function amounts(store: BudgetStore): Promise<readonly number[]> {
  const { states } = await store.states();
  return states.flatMap(({ spent, reserved }) => [spent, reserved]);
}

describeWithServer("redis", "a power cut of a Redis that makes sure every second", () => {
  test("what had ended a moment before is booked again, by those that ended it", async () => {
    const folder = makeFolder();
    const first = await startRedis({ folder, fsync: "everysec" });
    onTestFinished(() => first.stop());
    const store = openRedisStore({ url: first.url, pauseMs: 0, timeoutMs: 5_000 });
    onTestFinished(() => store.close());
    const reserve = async (leaseId: string, amount: number): Promise<string> =>
      (await store.reserve({ leaseId, ttlMs, holds: [hold(total, amount)] })).outcome;
    const log = join(folder, "appendonlydir", "appendonly.aof.1.incr.aof");

    await reserve("ends with its hold kept", 20);
    const { size } = statSync(log);
    await store.settle("ends with its hold kept", [11]);
    await reserve("all of it lost", 30);
    await store.settle("all of it lost", [22]);
    await reserve("released", 15);
    await store.release("released");
    await reserve("goes on", 5);
    await first.kill();
    truncateSync(log, size);
    const again = await startRedis({ folder, fsync: "everysec", port: first.port });
    onTestFinished(() => again.stop());
    await vi.waitFor(async () => expect(await amounts(store)).toEqual([33, 5]), 10_000);
    expect(await reserve("too much", 63)).toBe("refused");
  }, 20_000);

  test("what it did keep is not booked twice, and an id that is used again is not ended", async () => {
    const folder = makeFolder();
    const first = await startRedis({ folder });
    onTestFinished(() => first.stop());
    const store = openRedisStore({ url: first.url, pauseMs: 0, timeoutMs: 5_000 });
    onTestFinished(() => store.close());
    const holds = [hold(total, 20)];
    await store.reserve({ leaseId: "a", ttlMs, holds });
    await store.settle("a", [11]);
    await store.reserve({ leaseId: "b", ttlMs, holds });
    await store.settle("b", [9]);
    await store.reserve({ leaseId: "b", ttlMs, holds });
    await first.kill();
    const again = await startRedis({ folder, port: first.port });
    onTestFinished(() => again.stop());
    await vi.waitFor(async () => expect(await amounts(store)).toEqual([20, 20]), 10_000);
  }, 20_000);
});

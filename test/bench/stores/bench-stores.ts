import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, type BudgetStore, type Counter, type Hold } from "@tollgate/budget";
import { openRedisStore } from "@tollgate/budget/redis";
import { openSqliteStore } from "@tollgate/budget/sqlite";
import { startRedis } from "@tollgate/testkit";

/** The stores that are held against each other or themselves. */
export interface BenchStores {
  readonly names: readonly string[];
  /** A new, empty one; closed with all others. */
  open(name: string): BudgetStore;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

export async function openBenchStores(): Promise<BenchStores> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  const redis = await startRedis();
  const opened: BudgetStore[] = [];
  const openers: Readonly<Record<string, () => BudgetStore>> = {
    memory: () => createMemoryStore(),
    SQLite: () =>
      openSqliteStore({ path: join(folder, `${opened.length}.db`), maxWaitMs: PATIENCE_MS }),
    Redis: () => {
      const namespace = `bench-${opened.length}`;
      return openRedisStore({ url: redis.url, namespace, pauseMs: 0, timeoutMs: PATIENCE_MS });
    },
  };
  return {
    names: Object.keys(openers),
    open(name) {
      const store = openers[name]?.();
      if (store === undefined) throw new Error(`no store is called ${name}`);
      opened.push(store);
      return store;
    },
    async close() {
      for (const store of opened) await store.close();
      await redis.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function benchCounter(name: string): Counter {
  return {
    key: name,
    budget: name,
    unit: "usd",
    scope: {},
    limit: 9e15,
    window: { kind: "calendar", period: "month", timezone: "UTC" },
    alertAmounts: [4.5e15, 7.2e15],
    controls: [],
  };
}

const HELD = 600_000;
const USED = 50_850;

/** A call that is reserved and settled under so many counters. */
export function callsUnder(store: BudgetStore, counters: number): () => unknown {
  const holds = Array.from({ length: counters }, (_, index): Hold => {
    return { counter: benchCounter(`level-${index}`), amount: HELD, check: "fit" };
  });
  const used = holds.map(() => USED);
  let calls = 0;
  return () => {
    const leaseId = `call-${calls++}`;
    const answer = store.reserve({ leaseId, ttlMs: 60_000, holds });
    if (!(answer instanceof Promise)) return store.settle(leaseId, used);
    return answer.then(() => store.settle(leaseId, used));
  };
}

/** So many of them at once, so that waiting for a disk or a socket is shared. */
export function atOnce(calls: number, run: () => unknown): () => unknown {
  return async () => {
    let last: unknown;
    const waiting: unknown[] = [];
    for (let call = 0; call < calls; call++) {
      last = run();
      if (last instanceof Promise) waiting.push(last);
    }
    return waiting.length === 0 ? last : Promise.all(waiting);
  };
}

import { createFakeClock, startRedis, type FakeClock, type RedisServer } from "@tollgate/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { join } from "node:path";
import {
  createBudgetProcessor,
  createMemoryStore,
  type BudgetProcessor,
  type BudgetStore,
} from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { bench, by, call, dollars, granted, NO_AGGREGATES, policy, START } from "./budget-call.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { makeFolder } from "./store-folder.ts";
import { askOf, seededRandom, type Asking } from "./waiting.ts";

const ONE_AT_A_TIME = policy({
  limit: { usd: 1 },
  window: "total",
  onExceed: "throttle",
  throttle: { maxWait: "12h" },
});

/** Who gets in, one after the other, when each call ends at once. */
async function orderOf(calls: readonly ReturnType<typeof call>[]): Promise<string[]> {
  const { processor, clock, lease } = bench([ONE_AT_A_TIME]);
  const order: string[] = [];
  const busy = lease();
  for (const asked of calls) {
    void askOf(processor, asked).decision.then((decision) => {
      order.push(asked.id);
      return granted(decision).settle(dollars(0));
    });
  }
  await clock.advance(10);
  void busy.settle(dollars(0));
  await clock.advance(0);
  return order;
}

describe("agents that wait for one budget", () => {
  test("take turns: one call of an agent is served after at most one of another's thousand", async () => {
    const { processor, clock, lease } = bench([ONE_AT_A_TIME]);
    const order: string[] = [];
    const ask = (agent: string): void => {
      void askOf(processor, by({ agent })).decision.then((decision) => {
        order.push(agent);
        return granted(decision).settle(dollars(0));
      });
    };
    const busy = lease();
    for (let n = 0; n < 1_000; n++) ask("greedy");
    await clock.advance(10);
    ask("modest");
    void busy.settle(dollars(0));
    await clock.advance(0);
    expect(order.indexOf("modest")).toBeLessThanOrEqual(1);
    expect(order).toHaveLength(1_001);
    expect(clock.sleeping).toBe(0);
  });

  test("one agent's calls come in the order in which they were made", async () => {
    const ids = ["a1", "a2", "b1", "a3", "b2"];
    const calls = ids.map((id) => by({ agent: id.slice(0, 1) }, { id }));
    expect(await orderOf(calls)).toEqual(["a1", "b1", "a2", "b2", "a3"]);
  });

  test("without an agent tasks take turns, and calls of which neither is known are one party", async () => {
    const calls = [
      call({ id: "unknown1" }),
      call({ id: "unknown2" }),
      by({ task: "t" }, { id: "t1" }),
      by({ task: "t" }, { id: "t2" }),
      by({ agent: "t", task: "t" }, { id: "agent t" }),
    ];
    expect(await orderOf(calls)).toEqual(["unknown1", "t1", "agent t", "unknown2", "t2"]);
  });

  test("an agent whose first call is aborted keeps its turn", async () => {
    const { processor, clock, lease } = bench([ONE_AT_A_TIME]);
    const abort = new AbortController();
    const busy = lease();
    const aborted = askOf(processor, by({ agent: "a" }, { signal: abort.signal }));
    const second = askOf(processor, by({ agent: "b" }));
    const third = askOf(processor, by({ agent: "a" }));
    abort.abort(new Error("gone"));
    await expect(aborted.decision).rejects.toThrow("gone");
    void busy.settle(dollars(0));
    await clock.advance(0);
    expect([second.done, third.done]).toEqual([false, true]);
  });

  test("who stood behind a call too large for what is left tries within a second of its end", async () => {
    const { processor, clock, lease } = bench([{ ...ONE_AT_A_TIME, limit: { usd: 2 } }]);
    lease();
    const abort = new AbortController();
    const large = askOf(processor, call({ usd: 2, signal: abort.signal }));
    const small = askOf(processor, call());
    await clock.advance(100_000);
    abort.abort(new Error("gone"));
    await expect(large.decision).rejects.toThrow("gone");
    await clock.advance(1_000);
    expect(small.done).toBe(true);
  });

  test("turns hold for calls that wait at another counter first", async () => {
    const money = { ...ONE_AT_A_TIME, id: "money", match: { project: "p" } };
    const { processor, clock, lease } = bench([money, { ...ONE_AT_A_TIME, id: "all" }]);
    const order: string[] = [];
    const ask = (agent: string, project?: string): void => {
      const attribution = project === undefined ? { agent } : { agent, project };
      void askOf(processor, by(attribution)).decision.then((decision) => {
        order.push(agent);
        return granted(decision).settle(dollars(0));
      });
    };
    const busy = lease(by({ project: "p" }));
    for (let n = 0; n < 5; n++) ask("a", "p");
    for (let n = 0; n < 2; n++) ask("b");
    await clock.advance(10);
    void busy.settle(dollars(0));
    await clock.advance(70_000);
    expect(order).toHaveLength(7);
    expect(order.slice(0, 4).filter((agent) => agent === "b").length).toBeGreaterThanOrEqual(1);
    expect(clock.sleeping).toBe(0);
  });

  test("five thousand leave in any order, and nobody is left", async () => {
    const { processor, clock, lease } = bench([ONE_AT_A_TIME]);
    lease();
    const aborts = Array.from({ length: 5_000 }, () => new AbortController());
    const asked = aborts.map(({ signal }, n) =>
      askOf(processor, by({ agent: `agent-${n % 100}` }, { signal })),
    );
    const last = askOf(processor, by({ agent: "last" }));
    for (const abort of aborts) abort.abort(new Error("gone"));
    const ended = await Promise.allSettled(asked.map(({ decision }) => decision));
    expect(ended.every(({ status }) => status === "rejected")).toBe(true);
    processor.replacePolicies({ policies: [] });
    expect((await last.decision).granted).toBe(true);
    expect(clock.sleeping).toBe(0);
  });
});

interface Fleet {
  readonly clock: FakeClock;
  readonly processes: readonly BudgetProcessor[];
  /** Moves time on and lets the store answer. */
  advance(ms: number): Promise<void>;
}

function fleet(size: number, clock: FakeClock, open: () => BudgetStore): Fleet {
  const random = seededRandom();
  const stores = Array.from({ length: size }, open);
  const processes = stores.map((store) =>
    createBudgetProcessor({
      policies: [ONE_AT_A_TIME],
      store,
      clock,
      random,
      aggregates: NO_AGGREGATES,
    }),
  );
  onTestFinished(async () => {
    await Promise.all(processes.map((processor) => processor.shutdown()));
  });
  return {
    clock,
    processes,
    async advance(ms) {
      await clock.advance(ms);
      // Answers come in order: what was asked before has been answered too.
      for (const store of stores) await store.states();
      await clock.advance(0);
    },
  };
}

/** Asks until `rounds` calls of all processes have been let through, each of which takes two seconds. */
async function serve({ clock, processes, advance }: Fleet, rounds: number): Promise<number[]> {
  const served = processes.map(() => 0);
  const stopped = new AbortController();
  const lanes = processes.flatMap((processor, index) =>
    Array.from({ length: 5 }, async (_, lane) => {
      while (!stopped.signal.aborted) {
        const decision = await askOf(processor, by({ agent: `agent-${lane}` })).decision;
        if (!decision.granted) return;
        served[index] = (served[index] ?? 0) + 1;
        await clock.sleep(2_000);
        await decision.lease.settle(dollars(0));
      }
    }),
  );
  const sum = (): number => served.reduce((all, each) => all + each, 0);
  for (let step = 0; sum() < rounds && step < rounds * 100; step++) await advance(500);
  stopped.abort();
  await Promise.all(processes.map((processor) => processor.shutdown()));
  await clock.advance(2_000);
  await Promise.all(lanes);
  return served;
}

async function untilDone({ advance }: Fleet, asking: Asking, withinMs: number): Promise<void> {
  for (let passedMs = 0; !asking.done && passedMs < withinMs; passedMs += 250) await advance(250);
}

/** What holds for lines of several processes at one counter. */
function describeLines(name: string, open: (clock: FakeClock) => () => BudgetStore): void {
  describe(`lines of several processes over ${name}`, () => {
    test("what one process gives back another's first gets within the backoff", async () => {
      const clock = createFakeClock(START);
      const tested = fleet(2, clock, open(clock));
      const [one, other] = tested.processes;
      if (one === undefined || other === undefined) throw new Error("two processes");
      const busy = granted(await one.reserve(call()));
      const waiting = askOf(other, call());
      await tested.advance(10_000);
      expect(waiting.done).toBe(false);
      await busy.settle(dollars(0));
      await untilDone(tested, waiting, 2_500);
      expect((await waiting.decision).granted).toBe(true);
    }, 60_000);

    test("no process is starved by another that always has calls waiting", async () => {
      const clock = createFakeClock(START);
      const served = await serve(fleet(2, clock, open(clock)), 60);
      for (const count of served) expect(count).toBeGreaterThanOrEqual(6);
    }, 60_000);
  });
}

describeLines("a memory store that they share", (clock) => {
  const store = createMemoryStore({ clock });
  return () => ({ ...store, scope: "shared", close() {} });
});

describeLines("one SQLite file", (clock) => {
  const path = join(makeFolder(), "budget.db");
  return () => openSqliteStore({ path, clock });
});

describeWithServer("redis", "with Redis", () => {
  let redis: RedisServer;
  let namespaces = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  describeLines("one Redis", () => {
    const namespace = `lines-${namespaces++}`;
    return () => openRedisStore({ url: redis.url, namespace, pauseMs: 0 });
  });
});

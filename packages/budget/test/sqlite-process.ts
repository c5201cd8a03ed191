/**
 * A process that uses a SQLite store, started by tests: `node sqlite-process.ts PATH JOB JSON`. Writes one JSON
 * object per line.
 */
import { writeSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createBudgetProcessor } from "../src/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";

const [path = "", job = "", json = "{}"] = process.argv.slice(2);
const options: Readonly<Record<string, number>> = JSON.parse(json);
const numberOf = (key: string): number => options[key] ?? 0;

/** At once, also when the process is about to be killed. */
function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const TOTAL = counter({ budget: "total", limit: 1e12, window: { kind: "total" } });
const ALERTING = { ...TOTAL, budget: "alerting", key: "alerting", alertAmounts: [50, 80, 95] };

async function untilTold(): Promise<void> {
  say({ ready: true });
  await new Promise((resolve) => {
    process.stdin.once("data", resolve);
  });
  process.stdin.pause();
}

/** Calls one after the other in several lanes until killed; says what was asked and what was acknowledged. */
async function spendUntilKilled(): Promise<void> {
  const store = openSqliteStore({ path });
  let calls = 0;
  const lane = async (): Promise<never> => {
    for (;;) {
      const leaseId = `${process.pid}-${calls++}`;
      say({ asked: leaseId });
      await store.reserve({ leaseId, ttlMs: numberOf("ttlMs"), holds: [hold(TOTAL, 10)] });
      say({ held: leaseId });
      await store.settle(leaseId, [7]);
      say({ settled: leaseId });
    }
  };
  await Promise.all(Array.from({ length: numberOf("lanes") }, lane));
}

/** Many calls at once under a hard budget; says what they spent. */
async function spendAtOnce(): Promise<void> {
  const processor = createBudgetProcessor({
    store: openSqliteStore({ path, maxWaitMs: 60_000 }),
    policies: [{ id: "hard", guarantee: "hard", window: "total", limit: { usd: 5 } }],
  });
  await untilTold();
  let spentNanoUsd = 0;
  let granted = 0;
  const most = { nanoUsd: 10_000_000, tokens: 1 };
  const call = async (index: number): Promise<void> => {
    const decision = await processor.reserve({
      id: `${process.pid}-${index}`,
      attribution: {},
      provider: "openai",
      model: "gpt-5",
      expected: () => most,
      bound: () => most,
    });
    if (!decision.granted) return;
    granted++;
    const used = { nanoUsd: Math.round(Math.random() * most.nanoUsd), tokens: 1 };
    await decision.lease.settle(used);
    spentNanoUsd += used.nanoUsd;
  };
  await Promise.all(Array.from({ length: numberOf("calls") }, (_, index) => call(index)));
  say({ spentNanoUsd, granted });
  await processor.shutdown();
}

/** Spends one by one; says which thresholds it was told of. */
async function listen(): Promise<void> {
  const store = openSqliteStore({ path });
  await untilTold();
  for (let call = 0; call < numberOf("calls"); call++) {
    const leaseId = `${process.pid}-${call}`;
    const asked = await store.reserve({ leaseId, ttlMs: 60_000, holds: [hold(ALERTING, 1)] });
    const { notices } = await store.settle(leaseId, [1]);
    say({ notices: [...asked.notices, ...notices] });
  }
  await store.close();
}

/** Settles and exits in the same breath. */
async function exitAtOnce(): Promise<void> {
  const store = openSqliteStore({ path });
  await store.reserve({ leaseId: "a", ttlMs: 60_000, holds: [hold(TOTAL, 10)] });
  await untilTold();
  void store.settle("a", [7]);
  process.exit(0);
}

/** As many calls as it can for a while; says how long they waited and how long the event loop stood still. */
async function saturate(): Promise<void> {
  const store = openSqliteStore({ path });
  await untilTold();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const waits: number[] = [];
  const until = performance.now() + numberOf("durationMs");
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const leaseId = `${process.pid}-${calls++}`;
      const before = performance.now();
      await store.reserve({ leaseId, ttlMs: 60_000, holds: [hold(TOTAL, 10)] });
      const between = performance.now();
      await store.settle(leaseId, [7]);
      waits.push(between - before, performance.now() - between);
    }
  };
  await Promise.all(Array.from({ length: numberOf("lanes") }, lane));
  delay.disable();
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? 0;
  say({
    calls,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    loopP99Ms: delay.percentile(99) / 1e6,
    loopMaxMs: delay.max / 1e6,
  });
  await store.close();
}

const JOBS: Readonly<Record<string, () => Promise<void>>> = {
  spendUntilKilled,
  spendAtOnce,
  listen,
  exitAtOnce,
  saturate,
};

await JOBS[job]?.();

/**
 * A process that spends a hard budget through slices, started by tests: `node slices-process.ts sqlite PATH` or
 * `redis URL`, and `exit` to end in the middle of it. Says when it is ready and what it spent.
 */
import { writeSync } from "node:fs";
import { createBudgetProcessor } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";

const [kind = "", place = "", until = "nothing is left"] = process.argv.slice(2);
const LANES = 16;
const REFUSED_AT_LAST = 12;
const PAUSE_MS = 150;
const SLICED_BEFORE_EXIT = 500;
const MOST = { nanoUsd: 100_000, tokens: 1 };

const shared =
  kind === "redis"
    ? openRedisStore({ url: place, namespace: "slices", pauseMs: 0, timeoutMs: 20_000 })
    : openSqliteStore({ path: place, maxWaitMs: 60_000 });
const processor = createBudgetProcessor({
  store: createSlicedStore(shared),
  policies: [{ id: "hard", guarantee: "hard", window: "total", limit: { usd: 5 } }],
});
/** At once, also when the process is about to end. */
function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function sayAll(): void {
  say({ granted, atOnce, spentNanoUsd, underWay: processor.leases().length });
}

let calls = 0;
let granted = 0;
let atOnce = 0;
let spentNanoUsd = 0;

async function spend(): Promise<boolean> {
  const asked = processor.reserve({
    id: `${process.pid}-${calls++}`,
    attribution: {},
    provider: "openai",
    model: "gpt-5",
    expected: () => MOST,
    bound: () => MOST,
  });
  if (!(asked instanceof Promise)) atOnce++;
  const decision = await asked;
  if (!decision.granted) return false;
  granted++;
  const used = Math.round(Math.random() * MOST.nanoUsd);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  await decision.lease.settle({ nanoUsd: used, tokens: 1 });
  spentNanoUsd += used;
  if (until === "exit" && atOnce >= SLICED_BEFORE_EXIT) {
    sayAll();
    process.exit();
  }
  return true;
}

/** Until nothing is left for good: what other processes have taken may come back. */
async function spendAll(): Promise<void> {
  for (let refused = 0; refused < REFUSED_AT_LAST;) {
    // oxlint-disable no-await-in-loop -- one call after the other
    if (await spend()) refused = 0;
    else {
      refused++;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
    // oxlint-enable no-await-in-loop
  }
}

say({ ready: true });
await new Promise((resolve) => {
  process.stdin.once("data", resolve);
});
process.stdin.pause();
await Promise.all(Array.from({ length: LANES }, spendAll));
sayAll();
await processor.shutdown();

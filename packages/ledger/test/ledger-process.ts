/**
 * A process that uses a ledger, started by tests: `node ledger-process.ts WHERE JOB`, where is a path or a URL. Writes
 * one JSON object per line.
 */
import { writeSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Ledger } from "../src/index.ts";
import { openPostgresLedger } from "../src/postgres/index.ts";
import { openSqliteLedger } from "../src/sqlite/index.ts";
import { heldUntil, ledgerEvent, money, NOON_MS } from "../src/testing/ledger-fixture.ts";
import { createLedgerWriter } from "../src/writer/index.ts";

const [where = "", job = ""] = process.argv.slice(2);

/** At once, also when the process is about to be killed. */
function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function open(): Promise<Ledger> | Ledger {
  return where.startsWith("postgres:")
    ? openPostgresLedger({ url: where })
    : openSqliteLedger({ path: where });
}

let made = 0;

function event() {
  const number = made++;
  return ledgerEvent({
    id: `${process.pid}-${number}`,
    timeMs: NOON_MS + number * 60_000,
    cost: money(number),
    attribution: { organization: "acme", agent: `a${number % 3}`, task: `t${number % 7}` },
  });
}

/** Batches in several lanes until killed; says what was acknowledged. */
async function recordUntilKilled(): Promise<void> {
  const ledger = await open();
  const lane = async (): Promise<never> => {
    for (;;) {
      const batch = Array.from({ length: 1 + Math.floor(Math.random() * 20) }, event);
      const keys = batch.map(({ key }) => key);
      if (Math.random() < 0.3) {
        await ledger.take(heldUntil(batch, 0));
        await ledger.resolve({ booked: batch, duplicates: [] });
      } else await ledger.record(batch);
      say({ acknowledged: keys });
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}

/** Records a number of events in small batches; says how long the event loop stood still at most. */
async function recordSome(): Promise<void> {
  const ledger = await open();
  say({ ready: true });
  await new Promise((resolve) => {
    process.stdin.once("data", resolve);
  });
  process.stdin.pause();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (let batch = 0; batch < 40; batch++) {
    await ledger.record(Array.from({ length: 10 }, event));
  }
  delay.disable();
  say({ loopMaxMs: delay.max / 1e6 });
  await ledger.close();
}

/** Writes through a writer and ends in the same breath, as the job's name says. */
async function writeAndEnd(end: () => void): Promise<void> {
  const writer = createLedgerWriter(await open());
  for (let count = 0; count < 1_000; count++) writer.write(event());
  const before = performance.now();
  process.once("exit", () => say({ exitMs: performance.now() - before }));
  end();
}

const JOBS: Readonly<Record<string, () => Promise<void>>> = {
  recordUntilKilled,
  recordSome,
  exit: () => writeAndEnd(() => process.exit(0)),
  terminate: () => writeAndEnd(() => void process.kill(process.pid, "SIGTERM")),
  fail: () =>
    writeAndEnd(() => {
      setImmediate(() => {
        throw new Error("the app's own");
      });
    }),
  goOn: () => writeAndEnd(() => undefined),
};

await JOBS[job]?.();

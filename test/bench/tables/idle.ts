import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BudgetStore, Hold } from "@tollgate/budget";
import { openSqliteStore } from "@tollgate/budget/sqlite";
import { measure, type Lane } from "../measure.ts";
import { atOnce, benchCounter, callsUnder, openBenchStores } from "../stores/bench-stores.ts";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const MANY = 1_000_000;
const AT_ONCE = 64;
const LEVELS = 4;
const PER_LEASE = 2_000;

const FEW_ROW = "no idle counters";
const MANY_ROW = "1,000,000 idle counters";
const RESTART = "restart in SQLite";
const COUNTERS_ROW = "1,000,000 counters";
const LEASES_ROW = "1,000,000 leases under way";

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10 µs", digits: 1 },
  { key: "median", title: "median µs", digits: 1 },
  { key: "ratio", title: "of none", digits: 2, unit: "×" },
  { key: "openMs", title: "open ms", digits: 0 },
  { key: "firstMs", title: "first ms", digits: 0 },
];

const TARGETS: readonly Target[] = [
  ...["memory", "SQLite", "Redis"].map((group): Target => ({
    what: `${MANY_ROW} in ${group}`,
    row: MANY_ROW,
    group,
    column: "ratio",
    // A call does not cost more for them, but for what a measurement varies by.
    atMost: 1.25,
    unit: "×",
  })),
  ...[COUNTERS_ROW, LEASES_ROW].map((row): Target => ({
    what: `restart after a crash, ${row}`,
    row,
    column: "firstMs",
    atMost: 1_000,
    unit: "ms",
  })),
];

/** What a call costs beside a million counters that nobody uses now, and how soon a file with as many is open again. */
export const idle: Table = {
  name: "idle",
  onDemand: true,
  async run({ rounds }) {
    const stores = await openBenchStores();
    const lanes: Lane[] = [];
    for (const group of stores.names) {
      for (const name of [FEW_ROW, MANY_ROW]) {
        const store = stores.open(group);
        if (name === MANY_ROW) await fill(store);
        lanes.push({ name, group, run: atOnce(AT_ONCE, callsUnder(store, LEVELS)) });
      }
    }
    const measured = await measure(lanes, { rounds, runsPerRound: 5 });
    await stores.close();
    const rows = measured.map(({ name, group, wallP10, wallMedian }): Row => {
      const none = measured.find((other) => other.group === group)?.wallP10 ?? Number.NaN;
      const values = {
        p10: wallP10 / AT_ONCE,
        median: wallMedian / AT_ONCE,
        ratio: wallP10 / none,
      };
      return { name, group, values };
    });
    rows.push(await reopened(COUNTERS_ROW, fill), await reopened(LEASES_ROW, lend));
    const title = `reserve + settle under ${LEVELS} budgets, ${AT_ONCE} at once`;
    return { title, columns: COLUMNS, rows, targets: judge(rows, TARGETS) };
  },
};

function idleHold(index: number): Hold {
  return { counter: benchCounter(`idle-${index}`), amount: 10, check: "fit" };
}

/** Spends a little in each of a million counters. */
async function fill(store: BudgetStore): Promise<void> {
  for (let first = 0; first < MANY; first += PER_LEASE) {
    const holds = Array.from({ length: PER_LEASE }, (_, index) => idleHold(first + index));
    const leaseId = `fill-${first}`;
    await store.reserve({ leaseId, ttlMs: 60_000, holds });
    await store.settle(
      leaseId,
      holds.map(() => 7),
    );
  }
}

/** A million calls that are under way. */
async function lend(store: BudgetStore): Promise<void> {
  for (let first = 0; first < MANY; first += PER_LEASE) {
    await Promise.all(
      Array.from({ length: PER_LEASE }, async (_, index) => {
        const leaseId = `lease-${first + index}`;
        await store.reserve({ leaseId, ttlMs: 3_600_000, holds: [idleHold(0)] });
      }),
    );
  }
}

/** The file as a crash leaves it: what the log has is not in the file yet. */
async function reopened(name: string, write: (store: BudgetStore) => Promise<void>): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  const path = join(folder, "budget.db");
  const crashed = join(folder, "crashed.db");
  const before = openSqliteStore({ path });
  await write(before);
  for (const suffix of ["", "-wal"]) {
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
  }
  await before.close();
  const startedMs = performance.now();
  const store = openSqliteStore({ path: crashed });
  const openMs = performance.now() - startedMs;
  await store.reserve({ leaseId: "first", ttlMs: 60_000, holds: [idleHold(7)] });
  await store.settle("first", [7]);
  const firstMs = performance.now() - startedMs;
  await store.close();
  rmSync(folder, { recursive: true });
  return { name, group: RESTART, values: { openMs, firstMs } };
}

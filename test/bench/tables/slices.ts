import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, type BudgetStore, type Counter } from "@tollgate/budget";
import { openRedisStore } from "@tollgate/budget/redis";
import { createSlicedStore } from "@tollgate/budget/slices";
import { openSqliteStore } from "@tollgate/budget/sqlite";
import { findServer, startRedis } from "@tollgate/testkit";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const COUNTERS: readonly Counter[] = ["organization", "project", "task", "agent"].map((budget) => ({
  key: budget,
  budget,
  unit: "usd",
  scope: {},
  limit: 1e15,
  window: { kind: "calendar", period: "day", timezone: "UTC" },
  alertAmounts: [5e14, 8e14],
  controls: [],
}));
const HOLDS = COUNTERS.map((counter) => ({ counter, amount: 10, check: "fit" as const }));
const USED = COUNTERS.map(() => 7);
const CALLS_PER_BATCH = 2_000;
/** Other work gets its turn so often, as in a server. */
const CALLS_PER_TURN = 20;
/** Until slices have the size that the calls of this bench need. */
const WARM_UP_ROUNDS = 20;

const MEMORY = "memory store";
const SQLITE = "slices above SQLite";
const REDIS = "slices above Redis";

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 1 },
  { key: "median", title: "median", digits: 1 },
  { key: "p90", title: "p90", digits: 1 },
  { key: "atOnce", title: "at once", digits: 2, unit: " %" },
];

interface SlicesLane {
  readonly name: string;
  readonly store: BudgetStore;
  readonly micros: number[];
  answers: number;
  late: number;
}

/** Reserve and settle under four budgets through slices, in microseconds, beside the memory store. */
export const slices: Table = {
  name: "slices",
  async run({ rounds }) {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
    const redis = findServer("redis-server") === undefined ? undefined : await startRedis();
    const lanes = [createLane(MEMORY, createMemoryStore())];
    const sqlite = openSqliteStore({ path: join(folder, "budget.db") });
    lanes.push(createLane(SQLITE, createSlicedStore(sqlite)));
    if (redis !== undefined) {
      const shared = openRedisStore({ url: redis.url, pauseMs: 0 });
      lanes.push(createLane(REDIS, createSlicedStore(shared)));
    }
    try {
      for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
        for (const one of round % 2 === 0 ? lanes : lanes.toReversed()) {
          // oxlint-disable-next-line no-await-in-loop -- side by side, not at once
          await runBatch(one, round >= 0);
        }
      }
    } finally {
      await Promise.all(lanes.map(async ({ store }) => store.close()));
      await redis?.stop();
      rmSync(folder, { recursive: true });
    }
    const rows = lanes.map(toRow);
    const targets = TARGETS.filter(({ row }) => rows.some(({ name }) => name === row));
    return {
      title: "Slices: reserve + settle of 4 counters (µs)",
      columns: COLUMNS,
      rows,
      targets: judge(rows, targets),
    };
  },
};

const TARGETS: readonly Target[] = [SQLITE, REDIS].map((row) => ({
  what: row,
  row,
  column: "median",
  atMost: 10,
  unit: "µs",
}));

function createLane(name: string, store: BudgetStore): SlicesLane {
  return { name, store, micros: [], answers: 0, late: 0 };
}

async function runBatch(lane: SlicesLane, counts: boolean): Promise<void> {
  const { store } = lane;
  const startedMs = performance.now();
  for (let call = 0; call < CALLS_PER_BATCH; call++) {
    const leaseId = `call-${calls++}`;
    const answer = store.reserve({ leaseId, ttlMs: 60_000, holds: HOLDS });
    // oxlint-disable no-await-in-loop -- one call after the other
    if (answer instanceof Promise) await answer;
    const ended = store.settle(leaseId, USED);
    if (ended instanceof Promise) await ended;
    if (call % CALLS_PER_TURN === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    // oxlint-enable no-await-in-loop
    if (!counts) continue;
    lane.answers++;
    if (answer instanceof Promise) lane.late++;
  }
  if (counts) lane.micros.push(((performance.now() - startedMs) * 1_000) / CALLS_PER_BATCH);
}

let calls = 0;

function toRow({ name, micros, answers, late }: SlicesLane): Row {
  const sorted = micros.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const atOnce = (1 - late / answers) * 100;
  return { name, values: { p10: at(0.1), median: at(0.5), p90: at(0.9), atOnce } };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Counter } from "@tollgate/budget";
import { openSqliteStore } from "@tollgate/budget/sqlite";
import { measure, type Lane } from "../measure.ts";
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
const AT_ONCE = 64;

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 0 },
  { key: "median", title: "median", digits: 0 },
  { key: "ratio", title: "rate", digits: 0, unit: " %" },
  { key: "times", title: "of bare", digits: 2, unit: "×" },
];

const OURS = "reserve and settle";

const TARGETS: readonly Target[] = [
  {
    what: "70 % of bare transactions in SQLite",
    row: OURS,
    column: "times",
    atMost: 1.43,
    unit: "×",
  },
];

/** Reserve and settle on disk under four budgets, in microseconds, beside two bare transactions that update four rows. */
export const sqlite: Table = {
  name: "sqlite",
  async run({ rounds }) {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
    const bare = openBare(join(folder, "bare.db"));
    const ours = openOurs(join(folder, "budget.db"));
    const lanes: readonly Lane[] = [
      { name: "two bare transactions (floor)", group: "one by one", run: bare.pair },
      { name: OURS, group: "one by one", run: ours.call },
      {
        name: `reserve and settle, ${AT_ONCE} at once, each`,
        group: "at once",
        run: () => Promise.all(Array.from({ length: AT_ONCE }, ours.call)),
      },
    ];
    const measured = await measure(lanes, { rounds, runsPerRound: 20 });
    await ours.close();
    bare.close();
    rmSync(folder, { recursive: true });
    const floor = measured[0]?.wallMedian ?? Number.NaN;
    const rows = measured.map(({ name, group, wallP10, wallMedian }): Row => {
      const calls = group === "at once" ? AT_ONCE : 1;
      const median = wallMedian / calls;
      return {
        name,
        group,
        values: {
          p10: wallP10 / calls,
          median,
          ratio: (floor / median) * 100,
          times: median / floor,
        },
      };
    });
    const title = "SQLite store (µs; rate: of the floor's)";
    return { title, columns: COLUMNS, rows, targets: judge(rows, TARGETS) };
  },
};

interface Bare {
  readonly pair: () => void;
  readonly close: () => void;
}

function openBare(path: string): Bare {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("CREATE TABLE counter (id INTEGER PRIMARY KEY, spent REAL, reserved REAL)");
  for (const id of COUNTERS.keys()) db.exec(`INSERT INTO counter VALUES (${id}, 0, 0)`);
  const begin = db.prepare("BEGIN IMMEDIATE");
  const update = db.prepare("UPDATE counter SET spent = spent + ?, reserved = ? WHERE id = ?");
  const commit = db.prepare("COMMIT");
  const transact = (amount: number): void => {
    begin.run();
    for (const id of COUNTERS.keys()) update.run(amount, amount, id);
    commit.run();
  };
  return {
    pair() {
      transact(0);
      transact(7);
    },
    close: () => db.close(),
  };
}

interface Ours {
  readonly call: () => Promise<void>;
  readonly close: () => Promise<void>;
}

function openOurs(path: string): Ours {
  const store = openSqliteStore({ path });
  const holds = COUNTERS.map((counter) => ({ counter, amount: 10, check: "fit" as const }));
  const used = COUNTERS.map(() => 7);
  let calls = 0;
  return {
    async call() {
      const leaseId = `call-${calls++}`;
      await store.reserve({ leaseId, ttlMs: 60_000, holds });
      await store.settle(leaseId, used);
    },
    close: async () => store.close(),
  };
}

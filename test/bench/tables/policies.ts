import { createBudgetProcessor, type BudgetCall, type PolicyInput } from "@tollgate/budget";
import type { BudgetStore } from "@tollgate/budget";
import { measure, type Lane } from "../measure.ts";
import { atOnce, openBenchStores } from "../stores/bench-stores.ts";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const COUNTS = [1, 2, 4, 8, 16] as const;
const AT_ONCE = 64;
const MOST = Math.max(...COUNTS);

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 1 },
  { key: "median", title: "median", digits: 1 },
  { key: "ratio", title: "of one", digits: 2, unit: "×" },
  { key: "each", title: "each", digits: 2 },
];

const nameOf = (count: number): string => (count === 1 ? "1 policy" : `${count} policies`);

const TARGETS: readonly Target[] = [
  {
    what: "a call under 4 policies in memory",
    row: nameOf(4),
    group: "memory",
    column: "p10",
    atMost: 5,
    unit: "µs",
  },
  ...["memory", "SQLite", "Redis"].map((group): Target => ({
    what: `${MOST} policies in ${group}, of one`,
    row: nameOf(MOST),
    group,
    column: "ratio",
    atMost: MOST,
    unit: "×",
  })),
];

/** What a call costs the more policies are for it, microseconds: reserve and settle by a budget processor. */
export const policies: Table = {
  name: "policies",
  async run({ rounds }) {
    const stores = await openBenchStores();
    const lanes = stores.names.flatMap((group) =>
      COUNTS.map((count): Lane => {
        const run = atOnce(AT_ONCE, callUnder(stores.open(group), count));
        return { name: nameOf(count), group, run };
      }),
    );
    const measured = await measure(lanes, { rounds, runsPerRound: 3 });
    await stores.close();
    const rows = measured.map(({ name, group, wallP10, wallMedian }): Row => {
      const one = measured.find((other) => other.group === group);
      const p10 = wallP10 / AT_ONCE;
      const count = Number.parseInt(name, 10);
      const values = {
        p10,
        median: wallMedian / AT_ONCE,
        ratio: wallP10 / (one?.wallP10 ?? Number.NaN),
        each: p10 / count,
      };
      return { name, group, values };
    });
    const title = `reserve + settle, ${AT_ONCE} at once (µs a call)`;
    return { title, columns: COLUMNS, rows, targets: judge(rows, TARGETS) };
  },
};

function callUnder(store: BudgetStore, count: number): () => unknown {
  const budget = createBudgetProcessor({
    store,
    policies: Array.from({ length: count }, (_, index): PolicyInput => {
      const window = index % 2 === 0 ? "day" : "month";
      const each = ["organization" as const];
      return { id: `level-${index}`, each, limit: { usd: 1e6 }, window, guarantee: "hard" };
    }),
  });
  const held = { nanoUsd: 600_000, tokens: 1_100 };
  const used = { nanoUsd: 50_850, tokens: 99 };
  let calls = 0;
  return () => {
    const call: BudgetCall = {
      id: `call-${calls++}`,
      attribution: { organization: "acme" },
      provider: "openai",
      model: "gpt-4o-mini",
      expected: () => held,
      bound: () => held,
    };
    const decision = budget.reserve(call);
    if (decision instanceof Promise) {
      return decision.then((late) => (late.granted ? late.lease.settle(used) : refused()));
    }
    return decision.granted ? decision.lease.settle(used) : refused();
  };
}

function refused(): never {
  throw new Error("no budget is ever full here");
}

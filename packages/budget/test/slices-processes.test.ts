import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNode, startRedis } from "@tollgate/testkit";
import type { BudgetStore, CounterState } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { figure } from "./proof.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { makeFolder } from "./store-folder.ts";
import { goTogether, linesOf } from "./store-process.ts";

const LIMIT = 5_000_000_000;
const PROCESSES = 4;
const HELD = 100_000;

interface Spent {
  /** What the processes say that they spent. */
  readonly spentNanoUsd: number;
  readonly shareAtOnce: number;
  /** What the store says afterwards. */
  readonly states: readonly CounterState[];
}

/** Real processes that spend one budget of five dollars through slices. */
async function spendTogether(kind: string, place: string, look: () => BudgetStore): Promise<Spent> {
  const children = Array.from({ length: PROCESSES }, () =>
    runNode({
      script: join(import.meta.dirname, "slices-process.ts"),
      args: [kind, place],
      nodeArgs: ["--conditions=source"],
    }),
  );
  await goTogether(children);
  const exits = await Promise.all(children.map((child) => child.exited));
  expect(exits.map(({ stderr }) => stderr).join("")).toBe("");
  const reports = exits.map(({ stdout }) => linesOf(stdout).at(-1) ?? {});
  for (const report of reports) figure(`${kind} ${JSON.stringify(report)}`);
  const sum = (key: string): number =>
    reports.reduce((total, report) => total + Number(report[key]), 0);
  const store = look();
  const { states } = await store.states();
  await store.close();
  const shareAtOnce = sum("atOnce") / sum("granted");
  return { spentNanoUsd: sum("spentNanoUsd"), shareAtOnce, states };
}

test("a process that exits books what it spent, and charges what is under way as held", async () => {
  const path = join(makeFolder(), "budget.db");
  const child = runNode({
    script: join(import.meta.dirname, "slices-process.ts"),
    args: ["sqlite", path, "exit"],
    nodeArgs: ["--conditions=source"],
  });
  await goTogether([child]);
  const { code, stdout, stderr } = await child.exited;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { spentNanoUsd, underWay } = linesOf(stdout).at(-1) ?? {};
  expect(underWay).toBeGreaterThan(0);
  const store = openSqliteStore({ path });
  const { states } = await store.states();
  const { spent, reserved } = states[0] ?? { spent: 0, reserved: 0 };
  const least = Number(spentNanoUsd) + Number(underWay) * HELD;
  expect(spent).toBeGreaterThan(Number(spentNanoUsd));
  // One of its 16 callers may have been asking the store itself at that instant.
  expect(spent + reserved).toBeGreaterThanOrEqual(least);
  expect(spent + reserved).toBeLessThanOrEqual(least + 16 * HELD);
  await store.close();
}, 60_000);

test(`${PROCESSES} processes on one SQLite file spend a hard budget and not a nano more`, async () => {
  const path = join(makeFolder(), "budget.db");
  const { spentNanoUsd, shareAtOnce, states } = await spendTogether("sqlite", path, () =>
    openSqliteStore({ path }),
  );
  expect(spentNanoUsd).toBeLessThanOrEqual(LIMIT);
  expect(states).toMatchObject([{ spent: spentNanoUsd, reserved: 0 }]);
  expect(shareAtOnce).toBeGreaterThan(0.1);
}, 120_000);

describeWithServer("redis", "one Redis", () => {
  test(`${PROCESSES} processes spend a hard budget and not a nano more`, async () => {
    const redis = await startRedis();
    const look = (): BudgetStore =>
      openRedisStore({ url: redis.url, namespace: "slices", pauseMs: 0 });
    onTestFinished(() => redis.stop());
    const { spentNanoUsd, shareAtOnce, states } = await spendTogether("redis", redis.url, look);
    expect(spentNanoUsd).toBeLessThanOrEqual(LIMIT);
    expect(states).toMatchObject([{ spent: spentNanoUsd, reserved: 0 }]);
    expect(shareAtOnce).toBeGreaterThan(0.1);
  }, 120_000);
});

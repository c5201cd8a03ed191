import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "@tollgate/core";
import { expect, test } from "vitest";
import type { BudgetStore, CounterState } from "../src/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { makeFolder } from "./store-folder.ts";
import { goTogether, linesOf, startStoreProcess } from "./store-process.ts";

const TTL_MS = 200;
const KILLS = scale(8, 60);
const PROCESSES = scale(4, 8);

/** The only counter, seen from twice the time to live later. */
async function stateLater(path: string): Promise<CounterState | undefined> {
  const later = { ...systemClock, now: () => Date.now() + 2 * TTL_MS };
  const store = openSqliteStore({ path, clock: later });
  const { states } = await store.states();
  await store.close();
  return states[0];
}

test(
  `${KILLS} processes killed at any instant lose nothing that was acknowledged`,
  async () => {
    const path = join(makeFolder(), "budget.db");
    const said: Record<string, unknown>[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const child = startStoreProcess(path, "spendUntilKilled", { lanes: 8, ttlMs: TTL_MS });
      let linesLeft = 1 + Math.floor(Math.random() * 500);
      child.onLine(() => {
        if (linesLeft-- === 0) child.kill("SIGKILL");
      });
      const { stdout } = await child.exited;
      said.push(...linesOf(stdout));
      const count = (key: string): number => said.filter((line) => key in line).length;
      const state = await stateLater(path);
      // Settled spends 7; what was held and never seen to end was presumed at 10, or settled unheard.
      const [asked, held, settled] = [count("asked"), count("held"), count("settled")];
      expect(state?.reserved).toBe(0);
      expect(state?.spent).toBeGreaterThanOrEqual(held * 7);
      expect(state?.spent).toBeLessThanOrEqual(settled * 7 + (asked - settled) * 10);
    }
  },
  PROOF_TIMEOUT_MS,
);

test(`${PROCESSES} processes of 1,000 calls at once never overshoot a hard budget`, async () => {
  const path = join(makeFolder(), "budget.db");
  const children = Array.from({ length: PROCESSES }, () =>
    startStoreProcess(path, "spendAtOnce", { calls: 1_000 }),
  );
  await goTogether(children);
  const exits = await Promise.all(children.map((child) => child.exited));
  const reports = exits.map(({ stdout }) => linesOf(stdout).at(-1) ?? {});
  const sum = (key: string): number =>
    reports.reduce((total, report) => total + Number(report[key]), 0);
  expect(sum("spentNanoUsd")).toBeLessThanOrEqual(5e9);
  expect(sum("granted")).toBeGreaterThanOrEqual(500);
  expect(await stateLater(path)).toMatchObject({ spent: sum("spentNanoUsd"), reserved: 0 });
}, 60_000);

test(
  "processes that all write as much as they can get a fair share each",
  async () => {
    const path = join(makeFolder(), "budget.db");
    const options = { lanes: 8, durationMs: scale(1_000, 10_000) };
    const children = Array.from({ length: PROCESSES }, () =>
      startStoreProcess(path, "saturate", options),
    );
    await goTogether(children);
    const exits = await Promise.all(children.map((child) => child.exited));
    const reports = exits.map(({ stdout }) => linesOf(stdout).at(-1) ?? {});
    for (const report of reports) figure(JSON.stringify(report));
    const calls = reports.map((report) => Number(report["calls"]));
    const mean = calls.reduce((sum, count) => sum + count, 0) / calls.length;
    expect(Math.min(...calls)).toBeGreaterThan(mean / 4);
  },
  PROOF_TIMEOUT_MS,
);

test("each threshold is told to one of several processes", async () => {
  const path = join(makeFolder(), "budget.db");
  const children = Array.from({ length: 4 }, () =>
    startStoreProcess(path, "listen", { calls: 30 }),
  );
  await goTogether(children);
  const exits = await Promise.all(children.map((child) => child.exited));
  const told = exits
    .flatMap(({ stdout }) => linesOf(stdout))
    .flatMap(({ notices }) => notices ?? []);
  expect(told).toHaveLength(3);
  expect(told).toEqual(
    expect.arrayContaining([0, 1, 2].map((threshold) => expect.objectContaining({ threshold }))),
  );
}, 30_000);

test("a call that ends as the process exits is settled on the spot", async () => {
  const path = join(makeFolder(), "budget.db");
  const child = startStoreProcess(path, "exitAtOnce");
  await goTogether([child]);
  expect(await child.exited).toMatchObject({ code: 0, stderr: "" });
  expect(await stateLater(path)).toMatchObject({ spent: 7, reserved: 0 });
});

test("one that ends while the file is locked is settled by the next start, once", async () => {
  const folder = makeFolder();
  const path = join(folder, "budget.db");
  const child = startStoreProcess(path, "exitAtOnce");
  await child.untilStdout(/ready/);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  child.write("go\n");
  expect(await child.exited).toMatchObject({ code: 0, stderr: "" });
  other.exec("ROLLBACK");
  other.close();
  const waiting = (): string[] => readdirSync(folder).filter((name) => name.includes("outbox"));
  expect(waiting()).toHaveLength(1);

  const stores: BudgetStore[] = [openSqliteStore({ path }), openSqliteStore({ path })];
  for (const store of stores) {
    const { states } = await store.states();
    expect(states).toMatchObject([{ spent: 7, reserved: 0 }]);
  }
  for (const store of stores) await store.close();
  expect(waiting()).toEqual([]);
});

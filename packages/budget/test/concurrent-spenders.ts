import { createBudgetProcessor, createMemoryStore, type BudgetStore } from "../src/index.ts";
import { by, dollars, NO_AGGREGATES } from "./budget-call.ts";

/** What a budget must do for a call: let it through or not, and book what it cost. */
export interface Algorithm {
  /** @returns how to book the call's cost, or `undefined` when it is refused. */
  admit(expectedUsd: number): Promise<((costUsd: number) => Promise<void>) | undefined>;
}

/** Another process's memory: every access takes its time, in any order. */
export type Hop = () => Promise<void>;

const LIMIT_USD = 5;
const LEVELS = 3;

/** Looks whether anything is left, lets the call go, adds its cost when it is known. */
export function checkThenCharge(hop: Hop): Algorithm {
  let spentUsd = 0;
  return {
    async admit() {
      await hop();
      if (spentUsd >= LIMIT_USD) return undefined;
      return async (costUsd) => {
        await hop();
        spentUsd += costUsd;
      };
    },
  };
}

/** Adds to each level's counter on its own, as much as still fits, and lets the call run as it is. */
export function shrunkenHolds(hop: Hop): Algorithm {
  const takenUsd: number[] = Array.from({ length: LEVELS }, () => 0);
  const add = (level: number, usd: number): void => {
    takenUsd[level] = (takenUsd[level] ?? 0) + usd;
  };
  return {
    async admit(expectedUsd) {
      const held: number[] = [];
      for (let level = 0; level < LEVELS; level++) {
        // oxlint-disable-next-line no-await-in-loop -- one counter after the other is the mistake
        await hop();
        const leftUsd = LIMIT_USD - (takenUsd[level] ?? 0);
        if (leftUsd <= 0) {
          for (const [lower, usd] of held.entries()) add(lower, -usd);
          return undefined;
        }
        held[level] = Math.min(expectedUsd, leftUsd);
        add(level, held[level] ?? 0);
      }
      return async (costUsd) => {
        await hop();
        for (const [level, usd] of held.entries()) add(level, costUsd - usd);
      };
    },
  };
}

/** Tollgate: one hold of the bound on all levels, in one step. */
export function atomicHolds(hop: Hop): Algorithm {
  const memory = createMemoryStore();
  const far: BudgetStore = {
    ...memory,
    scope: "shared",
    reserve: async (request) => {
      await hop();
      return memory.reserve(request);
    },
    settle: async (leaseId, amounts) => {
      await hop();
      return memory.settle(leaseId, amounts);
    },
  };
  const budget = createBudgetProcessor({
    store: far,
    aggregates: NO_AGGREGATES,
    policies: [0, 1, 2].map((level) => ({
      id: `level-${level}`,
      each: ["organization"],
      limit: { usd: LIMIT_USD },
      window: "total",
      guarantee: "hard",
    })),
  });
  return {
    async admit(expectedUsd) {
      const options = { usd: expectedUsd, most: expectedUsd };
      const decision = await budget.reserve(by({ organization: "acme" }, options));
      if (!decision.granted) return undefined;
      const { lease } = decision;
      return async (costUsd) => {
        await lease.settle(dollars(costUsd));
      };
    },
  };
}

/**
 * A thousand calls close together, each for up to five cents, on a budget of five dollars.
 *
 * @returns by how much the limit was exceeded, and how many were let through.
 */
export async function spendTogether(
  open: (hop: Hop) => Algorithm,
  random: () => number,
): Promise<{ readonly overUsd: number; readonly admitted: number }> {
  const { hop, run } = createTurns(random);
  const algorithm = open(hop);
  let spentNanoUsd = 0;
  let admitted = 0;

  async function spend(): Promise<void> {
    const mostUsd = (1 + Math.floor(random() * 5)) / 100;
    const costUsd = (mostUsd * (1 + Math.floor(random() * 4))) / 4;
    for (let later = Math.floor(random() * 10); later > 0; later--) {
      // oxlint-disable-next-line no-await-in-loop -- they come one after the other, close together
      await hop();
    }
    const book = await algorithm.admit(mostUsd);
    if (book === undefined) return;
    admitted++;
    spentNanoUsd += Math.round(costUsd * 1e9);
    // The provider takes its time.
    await hop();
    await hop();
    await book(costUsd);
  }

  const all = Promise.all(Array.from({ length: 1_000 }, spend));
  await run(all);
  return { overUsd: Math.max(0, spentNanoUsd / 1e9 - LIMIT_USD), admitted };
}

/** Lets whoever waits go on in an order of chance, one at a time. */
function createTurns(random: () => number): {
  hop: Hop;
  run(all: Promise<unknown>): Promise<void>;
} {
  const waiting: (() => void)[] = [];
  return {
    hop: () => new Promise((resolve) => void waiting.push(resolve)),
    async run(all) {
      const progress = { done: false };
      void all.finally(() => {
        progress.done = true;
      });
      while (!progress.done) {
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

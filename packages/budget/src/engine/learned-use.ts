import type { BudgetUnit } from "@tollgate/core";
import type { Amounts } from "../processor.ts";
import { amountIn } from "./amounts.ts";

/** What calls of one kind (provider, model, agent) really used of late. */
export interface LearnedUse {
  /** The 95th percentile; `undefined` until 20 calls were seen. */
  usualMost(kind: string, unit: BudgetUnit): number | undefined;
  observe(kind: string, used: Amounts): void;
}

const ENOUGH = 20;
const KEPT = 128;
/** Sorting for every observation would cost more than all else; a full memory moves slowly. */
const REFRESH_EVERY = 10;
const REFRESH_FULL_EVERY = 64;
const MAX_KINDS = 1_000;

interface RecentAmounts {
  readonly amounts: number[];
  seen: number;
  percentile: number | undefined;
}

/** Keeps the last 128 calls of at most 1,000 kinds; the kind that came first goes first. */
export function createLearnedUse(): LearnedUse {
  const kinds = new Map<string, Record<"usd" | "tokens", RecentAmounts>>();

  function recordsOf(kind: string): Record<"usd" | "tokens", RecentAmounts> {
    let records = kinds.get(kind);
    if (records === undefined) {
      for (const oldest of kinds.keys()) {
        if (kinds.size < MAX_KINDS) break;
        kinds.delete(oldest);
      }
      records = { usd: createRecent(), tokens: createRecent() };
      kinds.set(kind, records);
    }
    return records;
  }

  return {
    usualMost: (kind, unit) =>
      unit === "requests" ? undefined : kinds.get(kind)?.[unit].percentile,
    observe(kind, used) {
      const records = recordsOf(kind);
      add(records.usd, amountIn("usd", used));
      add(records.tokens, amountIn("tokens", used));
    },
  };
}

function createRecent(): RecentAmounts {
  return { amounts: [], seen: 0, percentile: undefined };
}

function add(recent: RecentAmounts, amount: number | undefined): void {
  if (amount === undefined) return;
  recent.amounts[recent.seen % KEPT] = amount;
  recent.seen++;
  const every = recent.seen > KEPT ? REFRESH_FULL_EVERY : REFRESH_EVERY;
  if (recent.seen < ENOUGH || recent.seen % every !== 0) return;
  const sorted = Float64Array.from(recent.amounts).toSorted();
  recent.percentile = sorted[Math.ceil(sorted.length * 0.95) - 1];
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure } from "../proof.ts";
import type { Crew } from "./crew.ts";
import { judgeFleet, type Verdict } from "./judge.ts";
import { finenessOf, planFleet } from "./plan.ts";
import { startRestartingRedis, type RestartMode } from "./restarts.ts";
import { runFleet, type Restarting } from "./run-fleet.ts";
import { storeNamed } from "./stores.ts";

export interface Series {
  readonly store: string;
  readonly urls: readonly string[];
  readonly seeds: number;
  /** Another seed for every series. */
  readonly firstSeed: number;
  /** In all processes together. */
  readonly calls: number;
  readonly mostKills: number;
  readonly orderly?: boolean;
  /** Each run has a Redis of its own then. */
  readonly restart?: RestartMode;
}

/** Runs a fleet for one seed after another. @returns what each came to, by seed. */
export async function runSeries(crew: Crew, series: Series): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const { seeds, firstSeed, restart, urls } = series;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    if (restart === undefined) {
      verdicts.push(await runOnce(crew, series, seed, urls));
      continue;
    }
    const redis = await startRestartingRedis(restart);
    try {
      verdicts.push(await runOnce(crew, series, seed, [redis.url], redis));
    } finally {
      await redis.stop();
    }
  }
  return verdicts;
}

async function runOnce(
  crew: Crew,
  { store, calls, mostKills, restart, orderly = false }: Series,
  seed: number,
  urls: readonly string[],
  server?: Restarting,
): Promise<Verdict> {
  const kind = storeNamed(store);
  const { processes, takesAhead } = kind;
  const callsPerProcess = Math.ceil(calls / processes);
  const folder = mkdtempSync(join(tmpdir(), "tollgate-fleet-"));
  try {
    const namespace = `fleet-${store.replaceAll(/[^a-zA-Z]/g, "")}-${seed}`;
    const address = { path: join(folder, "budget.db"), urls, namespace };
    const kills = processes === 1 ? 0 : mostKills;
    const plan = planFleet(seed, { processes, callsPerProcess, orderly }, kills, finenessOf(kind));
    const run = await runFleet(crew, { store, address, folder }, plan, server);
    const verdict = judgeFleet(run, { forgets: restart?.forgets, takesAhead });
    return { ...verdict, faults: verdict.faults.map((fault) => `seed ${seed}: ${fault}`) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a series came to as a whole. */
export interface Outcome {
  readonly faults: readonly string[];
  /** The worst run's, nano-USD. */
  readonly overshoot: number;
  /** The least that a run spent, nano-USD: a fleet that spends nothing exceeds nothing. */
  readonly leastCharged: number;
  /** Calls that were let through without waiting for the store. */
  readonly atOnce: number;
}

/** Adds up what runs came to, and prints it. */
export function sumUp(what: string, verdicts: readonly Verdict[]): Outcome {
  const sum = (of: (verdict: Verdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const worst = (of: (verdict: Verdict) => number): number => Math.max(0, ...verdicts.map(of));
  const overshoot = worst(({ over }) => over);
  const faults = verdicts.flatMap((verdict) => verdict.faults);
  figure(
    `${what}: ${verdicts.length} runs, ${sum(({ calls }) => calls)} reservations asked for, ` +
      `${sum(({ sent }) => sent)} calls sent (${sum(({ atOnce }) => atOnce)} at once), ${sum(({ killed }) => killed)} processes killed; ` +
      `worst overshoot ${inUsd(overshoot)}, ` +
      `with what a server forgot ${inUsd(worst(({ overWithForgotten }) => overWithForgotten))}; ` +
      `${faults.length} faults`,
  );
  const leastCharged = Math.min(...verdicts.map(({ charged }) => charged));
  return { faults, overshoot, leastCharged, atOnce: sum(({ atOnce }) => atOnce) };
}

function inUsd(nanoUsd: number): string {
  return `$${(nanoUsd / 1e9).toFixed(4)}`;
}

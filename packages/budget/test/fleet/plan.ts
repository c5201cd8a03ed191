import { createRandom } from "../proof.ts";

/** What every run of a fleet is held against. */
export const FLEET_LIMIT_USD = 5;
export const AGENT_LIMIT_USD = 2;
export const AGENTS: readonly string[] = ["planner", "coder", "reviewer", "tester"];

/**
 * What becomes of a call that was let through: `late` is settled after its lease has expired, `forgotten`
 * never; `unbilled` is given back. An `aborted` one is settled in the middle of its answer.
 */
export type Fate = "settled" | "aborted" | "late" | "forgotten" | "unbilled";

export interface CallPlan {
  readonly agent: string;
  /** What it may cost at most, and what it does, nano-USD. */
  readonly most: number;
  readonly cost: number;
  /** In turns of the event loop. */
  readonly startTurns: number;
  readonly latencyTurns: number;
  readonly fate: Fate;
  /** The store hears each of its operations twice, as after an answer that was lost. */
  readonly saidTwice: boolean;
  /** How often it is tried again, under another id, when it is refused. */
  readonly retries: number;
}

export interface CallsOptions {
  /** All are settled as soon as they are answered, and cost what they may. */
  readonly orderly: boolean;
  /** So many times as many cost as much. */
  readonly finer: number;
}

/** What is taken ahead shows in many small calls. */
export function finenessOf({ takesAhead = false }: { readonly takesAhead?: boolean }): number {
  return takesAhead ? 20 : 1;
}

/** The calls of one process, the same ones for a seed. */
export function planCalls(
  seed: number,
  calls: number,
  { orderly, finer }: CallsOptions,
): CallPlan[] {
  const random = createRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  return Array.from({ length: calls }, () => {
    const fate = orderly ? "settled" : fateOf(random());
    const most = (10_000_000 / finer) * (1 + below(5));
    // As many as not cost all they may: what is held too little shows.
    const share = fate === "aborted" ? random() / 2 : Math.min(1, 0.25 * (1 + below(7)));
    return {
      agent: AGENTS[below(AGENTS.length)] ?? "planner",
      most,
      cost: orderly ? most : Math.ceil(most * share),
      startTurns: below(40),
      latencyTurns: below(10),
      fate,
      saidTwice: random() < 0.1,
      retries: below(5),
    };
  });
}

function fateOf(chance: number): Fate {
  if (chance < 0.75) return "settled";
  if (chance < 0.85) return "aborted";
  if (chance < 0.91) return "late";
  return chance < 0.95 ? "forgotten" : "unbilled";
}

/** What happens to a fleet, and when: counted in calls that have been let through, in all processes. */
export interface FleetPlan {
  readonly seed: number;
  readonly processes: number;
  readonly callsPerProcess: number;
  readonly orderly: boolean;
  readonly kills: readonly { readonly worker: number; readonly afterSent: number }[];
  /** When the server stops and starts, and until when it had everything on its disk; where a run restarts it. */
  readonly restartAfterSent: number;
  readonly markAfterSent: number;
}

export function planFleet(
  seed: number,
  size: Pick<FleetPlan, "processes" | "callsPerProcess" | "orderly">,
  mostKills: number,
  finer = 1,
): FleetPlan {
  const random = createRandom(seed ^ 0x5e_ed);
  const below = (count: number): number => Math.floor(random() * count);
  const kills = Array.from({ length: below(mostKills + 1) }, () => ({
    worker: below(size.processes),
    afterSent: finer * (1 + below(150)),
  }));
  const markAfterSent = finer * (1 + below(60));
  const restartAfterSent = markAfterSent + finer * (1 + below(80));
  return { seed, ...size, kills, markAfterSent, restartAfterSent };
}

import { verifyLedger, type LedgerFault } from "../../src/index.ts";
import { AGENT_LIMIT_USD, AGENTS, FLEET_LIMIT_USD } from "./plan.ts";
import { readJournals, readRecords, type CallRecord } from "./records.ts";
import type { RestartMode } from "./restarts.ts";
import type { FleetRun } from "./run-fleet.ts";

/** What a run came to. All amounts in nano-USD. */
export interface Verdict {
  /** By how much more was charged by the provider than a limit allows, the worst of all budgets. */
  readonly over: number;
  /** The same, with what a forgetful server had acknowledged and lost. */
  readonly overWithForgotten: number;
  readonly charged: number;
  readonly calls: number;
  readonly sent: number;
  readonly atOnce: number;
  readonly killed: number;
  /** What is wrong, in words; nothing is. */
  readonly faults: readonly string[];
}

export interface JudgeOptions {
  /** What processes that were killed had taken ahead is booked too. */
  readonly takesAhead?: boolean | undefined;
  /**
   * Whose calls the server may have forgotten when it was restarted. Then no more is promised than that all others
   * stay within the limits.
   */
  readonly forgets?: RestartMode["forgets"] | undefined;
}

/** Holds what the provider charged, the store's books and the journals against each other. */
export function judgeFleet(
  run: FleetRun,
  { forgets = "nothing", takesAhead = false }: JudgeOptions = {},
): Verdict {
  const all = readRecords(run);
  const calls = all.filter((call) => !isForgotten(call, run, forgets));
  const isKilled = run.workers.some(({ killed }) => killed);
  const mayBookMore = forgets !== "nothing" || (takesAhead && isKilled);
  const sent = all.filter(({ cost }) => cost !== undefined);
  return {
    over: overshootOf(calls),
    overWithForgotten: overshootOf(all),
    charged: sumOf(all, costOf),
    calls: all.length,
    sent: sent.length,
    atOnce: sent.filter(({ atOnce }) => atOnce).length,
    killed: run.workers.filter(({ killed }) => killed).length,
    faults: [...faultsOfBooks(run, calls, mayBookMore), ...faultsOfJournals(run)],
  };
}

function overshootOf(calls: readonly CallRecord[]): number {
  const overs = [sumOf(calls, costOf) - FLEET_LIMIT_USD * 1e9];
  for (const agent of AGENTS) {
    const of = calls.filter((call) => call.agent === agent);
    overs.push(sumOf(of, costOf) - AGENT_LIMIT_USD * 1e9);
  }
  return Math.max(0, ...overs);
}

const costOf = ({ cost = 0 }: CallRecord): number => cost;

function sumOf(calls: readonly CallRecord[], of: (call: CallRecord) => number): number {
  return calls.reduce((sum, call) => sum + of(call), 0);
}

function isForgotten(
  { askedMs, endedMs, killed }: CallRecord,
  { restarted }: FleetRun,
  forgets: RestartMode["forgets"],
): boolean {
  if (restarted === undefined || forgets === "nothing" || askedMs > restarted.untilMs) return false;
  if (killed) return true;
  return forgets === "all" && endedMs !== undefined && endedMs <= restarted.untilMs;
}

function faultsOfBooks(
  run: FleetRun,
  calls: readonly CallRecord[],
  mayBookMore: boolean,
): readonly string[] {
  const faults: string[] = [];
  const { spent, reservedAfterTwoTtl } = run;
  if (reservedAfterTwoTtl !== 0) faults.push(`${reservedAfterTwoTtl} stay reserved for ever`);
  const counters: [string, number, readonly CallRecord[]][] = [];
  for (const [key, amount] of spent) {
    const agent = AGENTS.find((name) => key.includes(name));
    const of = agent === undefined ? calls : calls.filter((call) => call.agent === agent);
    counters.push([key, amount, of]);
  }
  if (counters.length === 0) faults.push("the store knows of no counter");
  for (const [key, amount, of] of counters) {
    const least = sumOf(of, leastOf(run));
    const most = mayBookMore ? Number.POSITIVE_INFINITY : sumOf(of, mostOf(run));
    if (amount < least) faults.push(`${key}: ${amount} booked, of at least ${least} charged`);
    if (amount > most) faults.push(`${key}: ${amount} booked, of at most ${most}`);
    if (amount > limitOf(key)) faults.push(`${key}: ${amount} booked is above its limit`);
  }
  return faults;
}

function limitOf(key: string): number {
  return 1e9 * (key.startsWith("fleet") ? FLEET_LIMIT_USD : AGENT_LIMIT_USD);
}

/** What must be booked of a call: what it cost and, if its end was never told, all that it held. */
function leastOf(run: FleetRun): (call: CallRecord) => number {
  return ({ cost, most, endedMs, killed }) => {
    if (cost === undefined || endedMs !== undefined || killed) return cost ?? 0;
    return run.restarted === undefined ? most : cost;
  };
}

/**
 * What may be booked of a call. Of a process that was killed nobody knows what the store still heard; an end
 * that was told while the server was away waited in its memory.
 */
function mostOf(run: FleetRun): (call: CallRecord) => number {
  return ({ cost, most, endedMs, freed, killed }) => {
    if (killed && run.restarted !== undefined) return most;
    if (endedMs !== undefined) return cost ?? 0;
    if (freed) return 0;
    return cost !== undefined || killed ? most : 0;
  };
}

function faultsOfJournals(run: FleetRun): readonly string[] {
  const complete = run.workers.length === 1;
  const { faults } = verifyLedger(readJournals(run), { complete });
  return faults.map(inWords);
}

function inWords({ kind, message, lease = "", counter = "" }: LedgerFault): string {
  return `journal: ${kind} ${lease} ${counter}: ${message}`;
}

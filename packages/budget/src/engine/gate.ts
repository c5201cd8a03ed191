import type { Clock } from "@tollgate/core";
import type { BudgetCall, BudgetDecision, BudgetDecisionEvent } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise, StoreAnswer } from "../store/store.ts";
import type { BudgetCheck } from "../operations.ts";
import { describeCheck, UNBUDGETED } from "./describe-check.ts";
import { askClipped } from "./clip.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import { createLeaseDesk, freeLease, type LeaseDesk } from "./lease.ts";
import { createLearnedUse } from "./learned-use.ts";
import type { Listeners } from "./listeners.ts";
import type { OpenLeases } from "./open-leases.ts";
import { createPacer, type Pace } from "./pace.ts";
import { createPacedCalls } from "./paced-calls.ts";
import { planHolds, type Plan } from "./plan-holds.ts";
import type { Refused } from "./refusal.ts";
import { changedBudgets, type Rules, type RulesInForce } from "./rules.ts";
import { createDecisionReport, STRAIGHT, type Passage } from "./report-decision.ts";
import type { Asked, Grant, StoreAccess } from "./store-access.ts";
import { createWaitingLine } from "./waiting-line.ts";

export interface GateOptions {
  readonly rules: RulesInForce;
  readonly store: StoreAccess;
  readonly open: OpenLeases;
  readonly clock: Clock;
  /** @returns a number from 0 up to 1. */
  readonly random: () => number;
  readonly counts: DecisionCounts;
  readonly decisions: Listeners<BudgetDecisionEvent>;
  readonly onNews: (answer: StoreAnswer) => void;
  readonly onThrottled: (budget: string, durationMs: number) => void;
}

/** Takes a call from the question to its lease: plan, reserve, wait where a budget throttles. */
export interface Gate {
  reserve(call: BudgetCall): MaybePromise<BudgetDecision>;
  check(call: BudgetCall): MaybePromise<BudgetCheck>;
  endLease: LeaseDesk["endElsewhere"];
  /** Of one budget, or of all. */
  resetThrottle(budget: string | undefined): void;
  /** Judges those that wait by the rules that are in force now. */
  rulesReplaced(before: Rules): void;
  /** Refuses all that wait. */
  close(): void;
}

export function createGate(options: GateOptions): Gate {
  const { rules, store, open, clock, random, counts, onNews } = options;
  const learned = createLearnedUse();
  const pacer = createPacer(clock);
  const paced = createPacedCalls(clock);
  const report = createDecisionReport(counts, options.decisions);
  const line = createWaitingLine({
    clock,
    random,
    shared: store.scope === "shared",
    attempt,
    abandon: (plan, grant) => void desk.abandon(plan, grant.booking),
  });
  const { decisions } = options;
  const desk = createLeaseDesk({
    store,
    open,
    learned,
    counts,
    decisions,
    onNews,
    onFreed: line.freed,
  });

  function reserve(call: BudgetCall): MaybePromise<BudgetDecision> {
    const { current } = rules;
    const matched = current.match(call);
    if (matched.counters.length === 0) return { granted: true, lease: freeLease(call.id) };
    const running = open.leaseOf(call.id);
    if (running !== undefined) return { granted: true, lease: running };
    const plan = planHolds(call, matched, learned);
    const ahead = call.underway === true ? undefined : line.behind(plan);
    if (ahead !== undefined) return waitFor(plan, ahead);
    return chain(attempt(plan), (tried) => {
      if ("grant" in tried) return leave(plan, tried.grant);
      // Refused by rules that hold no longer.
      if (current !== rules.current) return reserve(call);
      if (tried.refused.worthWaiting) return waitFor(plan, tried.refused);
      return deny(plan, tried.refused, STRAIGHT);
    });
  }

  function attempt(plan: Plan): MaybePromise<Asked> {
    open.keepAlive();
    return askClipped(plan, attemptOnce, replan);
  }

  function attemptOnce(plan: Plan): MaybePromise<Asked> {
    return chain(store.reserve(plan), (asked) => {
      onNews(asked);
      if ("refused" in asked) return asked;
      const { call, maxOutputTokens } = plan;
      const { booking } = asked.grant;
      if (call.leaseMs === undefined || booking.makeshift) open.add(call, booking, maxOutputTokens);
      if (maxOutputTokens === undefined) return asked;
      return { ...asked, grant: { ...asked.grant, maxOutputTokens } };
    });
  }

  function replan({ call, matched }: Plan, maxOutputTokens: number): Plan {
    return planHolds(call, matched, learned, maxOutputTokens);
  }

  function leave(plan: Plan, grant: Grant): MaybePromise<BudgetDecision> {
    const { underway = false } = plan.call;
    const pace = underway ? undefined : pacer.pace(grant.booking.holds, grant.remaining);
    return pace === undefined ? admit(plan, grant, STRAIGHT) : leaveLater(plan, grant, pace);
  }

  async function leaveLater(plan: Plan, grant: Grant, pace: Pace): Promise<BudgetDecision> {
    const startedMs = clock.monotonic();
    try {
      await paced.sleep(pace, plan.call.signal);
    } catch (error) {
      await desk.abandon(plan, grant.booking);
      throw error;
    }
    return admit(plan, grant, passed(pace.budget, "paced", startedMs));
  }

  async function waitFor(plan: Plan, refused: Refused): Promise<BudgetDecision> {
    const startedMs = clock.monotonic();
    const waited = await line.wait(plan, refused);
    const passage = passed(refused.refusal.budget, "exceeded", startedMs);
    if ("free" in waited) {
      const lease = { ...freeLease(plan.call.id), throttledMs: passage.throttledMs };
      return { granted: true, lease };
    }
    return "grant" in waited
      ? admit(waited.plan, waited.grant, passage)
      : deny(waited.plan, waited.refused, passage);
  }

  function passed(budget: string, reason: string, startedMs: number): Passage {
    const throttledMs = clock.monotonic() - startedMs;
    options.onThrottled(budget, throttledMs);
    return { throttledMs, throttledBy: { budget, reason } };
  }

  function admit(plan: Plan, grant: Grant, passage: Passage): BudgetDecision {
    report.granted(plan, grant, passage);
    return { granted: true, lease: desk.issue(plan, grant, passage.throttledMs) };
  }

  function deny(plan: Plan, { refusal }: Refused, passage: Passage): BudgetDecision {
    report.denied(plan, refusal, passage);
    return { granted: false, refusal, throttledMs: passage.throttledMs };
  }

  function check(call: BudgetCall): MaybePromise<BudgetCheck> {
    const matched = rules.current.match(call);
    if (matched.counters.length === 0) return UNBUDGETED;
    const plan = planHolds(call, matched, learned);
    const ahead = call.underway === true ? undefined : line.behind(plan);
    if (ahead !== undefined) return describeCheck(plan, { refused: ahead });
    return chain(askClipped(plan, dryRun, replan), (asked) => describeCheck(plan, asked));
  }

  function dryRun(plan: Plan): MaybePromise<Asked | undefined> {
    const { maxOutputTokens } = plan;
    return chain(store.wouldReserve(plan), (asked) =>
      asked !== undefined && "grant" in asked
        ? { ...asked, grant: { ...asked.grant, maxOutputTokens } }
        : asked,
    );
  }

  function resetPace(budget: string | undefined): void {
    pacer.reset(budget);
    paced.wake(budget);
  }

  return {
    reserve,
    check,
    endLease: desk.endElsewhere,
    resetThrottle(budget) {
      resetPace(budget);
      line.retry(budget);
    },
    rulesReplaced(before) {
      for (const budget of changedBudgets(before, rules.current)) resetPace(budget);
      line.rejudge(({ call }) => {
        const matched = rules.current.match(call);
        return matched.counters.length === 0 ? undefined : planHolds(call, matched, learned);
      });
    },
    close: line.close,
  };
}

import type { Clock } from "@tollgate/core";
import type { DecisionCounts } from "../engine/decision-counts.ts";
import type { Gate } from "../engine/gate.ts";
import type { Listeners } from "../engine/listeners.ts";
import type { RulesInForce } from "../engine/rules.ts";
import type { BudgetCheck } from "../operations.ts";
import type { BudgetCall, BudgetDecision, BudgetDecisionEvent, BudgetLease } from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise } from "../store/store.ts";
import type { Verdict } from "./runaway-guard.ts";

export interface GuardedGateOptions {
  readonly gate: Gate;
  readonly rules: RulesInForce;
  readonly clock: Clock;
  readonly isRunning: (callId: string) => boolean;
  readonly counts: DecisionCounts;
  readonly decisions: Listeners<BudgetDecisionEvent>;
  readonly onThrottled: (guard: string, durationMs: number) => void;
}

/** Puts the runaway guards in front of a gate; without any, calls go straight to it. */
export function createGuardedGate(options: GuardedGateOptions): Gate {
  const { gate, rules, clock, isRunning, counts, decisions, onThrottled } = options;

  function tell(call: BudgetCall, verdict: Verdict, throttledMs: number): void {
    const { guard: budget, action } = verdict;
    counts.add(budget, action, "runaway");
    decisions.tell({ call, action, budget, reason: "runaway", throttledMs });
  }

  /** Hears what calls cost. */
  function watched(call: BudgetCall, lease: BudgetLease, delayedMs: number): BudgetLease {
    let ended = false;
    return {
      ...lease,
      throttledMs: lease.throttledMs + delayedMs,
      settle(used) {
        if (!ended) rules.current.guard?.spend(call, used.nanoUsd ?? 0, clock.now());
        ended = true;
        return lease.settle(used);
      },
      release() {
        ended = true;
        return lease.release();
      },
    };
  }

  function enter(call: BudgetCall, delayedMs: number): MaybePromise<BudgetDecision> {
    return chain(gate.reserve(call), (decision): BudgetDecision => {
      if (decision.granted) {
        return { granted: true, lease: watched(call, decision.lease, delayedMs) };
      }
      return { ...decision, throttledMs: decision.throttledMs + delayedMs };
    });
  }

  async function enterLater(call: BudgetCall, verdict: Verdict): Promise<BudgetDecision> {
    const startedMs = clock.monotonic();
    await clock.sleep(verdict.delayMs, call.signal);
    const delayedMs = clock.monotonic() - startedMs;
    onThrottled(verdict.guard, delayedMs);
    tell(call, verdict, delayedMs);
    return enter(call, delayedMs);
  }

  return {
    ...gate,
    reserve(call) {
      const { guard } = rules.current;
      if (guard === undefined || isRunning(call.id)) return gate.reserve(call);
      const verdict = guard.ask(call, clock.now());
      if (verdict === undefined) return enter(call, 0);
      if (verdict.action === "alert" || call.underway === true) {
        tell(call, { ...verdict, action: "alert" }, 0);
        return enter(call, 0);
      }
      if (verdict.action === "throttle") return enterLater(call, verdict);
      tell(call, verdict, 0);
      return { granted: false, refusal: verdict.refusal, throttledMs: 0 };
    },
    check(call) {
      const verdict = rules.current.guard?.look(call, clock.now());
      return chain(gate.check(call), (checked) =>
        verdict === undefined ? checked : withVerdict(checked, verdict),
      );
    },
  };
}

function withVerdict(checked: BudgetCheck, { guard, action, refusal }: Verdict): BudgetCheck {
  const remarks = [...checked.remarks, `guard ${guard}: ${refusal.detail ?? refusal.reason}`];
  if (checked.action === "deny" || action === "alert") return { ...checked, remarks };
  return { ...checked, action, refusal, remarks };
}

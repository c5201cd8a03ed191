import type { BudgetProcessor } from "@tollgate/budget";
import type { Clock } from "@tollgate/core";
import type { Pricer } from "@tollgate/pricing";
import { eventOf, usageOf } from "./make-event.ts";
import type { Trouble, Workload } from "./traffic.ts";

/** Makes calls as an app would: asks the budget, ends the hold, records what happened. */
export interface Caller {
  /** @param stays - the call is under way until {@link endAll}, if it goes well. */
  call(budget: BudgetProcessor, work: Workload, trouble: Trouble, stays: boolean): Promise<void>;
  endAll(): Promise<void>;
}

interface CallerOptions {
  readonly pricer: Pricer;
  readonly clock: Clock;
  readonly random: () => number;
}

export function createCaller({ pricer, clock, random }: CallerOptions): Caller {
  let calls = 0;
  let underWay: (() => Promise<void>)[] = [];

  function chooseOutcome(errorShare: number): "ok" | "error" | "cancelled" {
    if (random() < errorShare) return "error";
    return random() < 0.01 ? "cancelled" : "ok";
  }

  return {
    async call(budget, work, trouble, stays) {
      const id = `call-${++calls}`;
      const size = 0.4 + 1.2 * random() ** 2;
      const outcome = chooseOutcome(trouble.errorShare);
      const usage = usageOf(work, trouble, size);
      const { provider, model, attribution } = work;
      const cost = pricer.priceCall(usage, { provider, model, timeMs: clock.now() });
      const tokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
      const amounts = { nanoUsd: cost.totalNanoUsd, tokens };
      const event = eventOf(work, { id, usage, cost, size, timeMs: clock.now() });
      const asked = { id, attribution, provider, model };
      const decision = await budget.reserve({
        ...asked,
        expected: () => amounts,
        bound: () => amounts,
      });
      if (!decision.granted) {
        const errorType = "tollgate_budget_exceeded";
        budget.record({ ...event, usage: undefined, outcome: "refused", errorType });
        return;
      }
      const { lease } = decision;
      if (outcome === "error") {
        await lease.release();
        const nothing = { totalNanoUsd: 0, parts: {}, priceSource: "catalogue" } as const;
        const { errorType } = trouble;
        budget.record({ ...event, usage: undefined, outcome, errorType, cost: nothing });
        return;
      }
      const end = async (): Promise<void> => {
        await lease.settle(amounts);
        budget.record({ ...event, outcome, estimated: outcome === "cancelled" });
      };
      if (stays) underWay.push(end);
      else await end();
      if (work.instance !== "collector") recordRuns(budget, work, size, random);
    },

    async endAll() {
      const ending = underWay;
      underWay = [];
      for (const end of ending) await end();
    },
  };
}

/** Some calls belong to a run of an agent with tools, and some of these to a task. */
function recordRuns(
  budget: BudgetProcessor,
  { attribution, seconds }: Workload,
  size: number,
  random: () => number,
): void {
  if (random() > 0.3) return;
  const { agent = "" } = attribution;
  const run = { attribution, outcome: "completed", errorType: undefined } as const;
  const inferenceCalls = 1 + Math.floor(5 * random() * size);
  const durationMs = inferenceCalls * seconds * 1_000;
  const toolCalls = inferenceCalls - 1;
  budget.recordRun({ ...run, kind: "agent", name: agent, durationMs, inferenceCalls, toolCalls });
  const tool = random() < 0.5 ? "search" : "read_file";
  const toolMs = 150 + 900 * random();
  budget.recordRun({ ...run, kind: "tool", name: tool, type: "function", durationMs: toolMs });
  if (random() > 0.5) return;
  const workflow = attribution.project === "helpdesk" ? "support" : "report";
  budget.recordRun({ ...run, kind: "task", id: "task", workflow, durationMs: 1.5 * durationMs });
}

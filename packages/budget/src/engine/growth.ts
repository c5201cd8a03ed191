import type { BudgetRefusal } from "@tollgate/core";
import type {
  Amounts,
  BudgetDecisionEvent,
  GrowthAnswer,
  LeaseGrowth,
  StreamProgress,
} from "../processor.ts";
import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise, StoreAnswer } from "../store/store.ts";
import { amountIn } from "./amounts.ts";
import type { DecisionCounts } from "./decision-counts.ts";
import type { Listeners } from "./listeners.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import type { Asked, Booking, Grant, StoreAccess } from "./store-access.ts";

export interface GrowthOptions {
  readonly store: StoreAccess;
  readonly counts: DecisionCounts;
  readonly decisions: Listeners<BudgetDecisionEvent>;
  readonly onNews: (answer: StoreAnswer) => void;
}

/** The lease that grows. */
export interface Growing {
  readonly plan: Plan;
  readonly booking: Booking;
  /** Takes a part that was granted; false when the lease has ended in the meantime. */
  take(part: Booking): boolean;
}

const GRANTED: GrowthAnswer = { granted: true };

/** Of what is held, where nothing of it is left for the output. */
const LEAST_SHARE = 0.25;

/** @returns `undefined` when no budget above the call lets holds grow. */
export function createGrowth(
  { store, counts, decisions, onNews }: GrowthOptions,
  { plan, booking, take }: Growing,
): LeaseGrowth | undefined {
  const growing = booking.holds.filter(canGrow);
  if (growing.length === 0) return undefined;
  const { call, matched } = plan;
  const held = { usd: heldIn("usd"), tokens: heldIn("tokens") };
  const exceeded = new Set<string>();
  let asked = 0;

  function heldIn(unit: "usd" | "tokens"): number | undefined {
    return growing.find(({ counter }) => counter.unit === unit)?.amount;
  }

  /** What a unit holds more when its part for the output is twice as large. */
  function moreIn(unit: "usd" | "tokens", { input, used }: StreamProgress): number {
    const holds = held[unit];
    const before = amountIn(unit, input);
    const now = amountIn(unit, used);
    if (holds === undefined || before === undefined || now === undefined) return 0;
    const output = Math.max(holds - before, now - before, Math.ceil(holds * LEAST_SHARE));
    return Math.max(0, before + 2 * output - holds);
  }

  function askFor(more: { usd: number; tokens: number }, canStop: boolean): MaybePromise<Asked> {
    const { attribution, provider, model, expected, bound } = call;
    const id = `${call.id}~x${++asked}`;
    // A freeze is for the calls to come.
    const part = { id, attribution, provider, model, expected, bound, underway: true };
    const holds = growing.flatMap((hold): PlannedHold[] => {
      const amount = hold.counter.unit === "usd" ? more.usd : more.tokens;
      const check = canStop && hold.policy.streams === "stop" ? "fit" : "never";
      return amount > 0 ? [{ ...hold, amount, requested: amount, check }] : [];
    });
    return chain(
      store.reserve({ call: part, matched, holds, maxOutputTokens: undefined }),
      (answer) => {
        onNews(answer);
        return answer;
      },
    );
  }

  function accept(
    { booking: part, remaining }: Grant,
    more: typeof NONE,
  ): MaybePromise<GrowthAnswer> {
    if (!take(part)) {
      return chain(store.end(part, undefined), (answer) => {
        onNews(answer);
        return GRANTED;
      });
    }
    if (held.usd !== undefined) held.usd += more.usd;
    if (held.tokens !== undefined) held.tokens += more.tokens;
    for (const [index, { policy, check }] of part.holds.entries()) {
      if (check === "never" && (remaining[index] ?? 0) < 0) goesOn(policy.id);
    }
    return GRANTED;
  }

  /** Told once for each budget. */
  function goesOn(budget: string): void {
    if (exceeded.has(budget)) return;
    exceeded.add(budget);
    tell("alert", budget, "exceeded");
  }

  function tell(action: "alert" | "deny", budget: string, reason: string): void {
    counts.add(budget, action, reason);
    decisions.tell({ call, action, budget, reason, throttledMs: 0 });
  }

  return {
    stops: growing.some(({ policy }) => policy.streams === "stop"),
    held: () => amountsOf(held),
    extend(progress, canStop) {
      const more = { usd: moreIn("usd", progress), tokens: moreIn("tokens", progress) };
      if (more.usd + more.tokens === 0) return GRANTED;
      return chain(askFor(more, canStop), (answer): MaybePromise<GrowthAnswer> => {
        if ("grant" in answer) return accept(answer.grant, more);
        const { refusal } = answer.refused;
        if (refusal.reason !== "exceeded") return GRANTED;
        const less = partOf(more, refusal);
        if (less === undefined) return { granted: false, refusal };
        return chain(askFor(less, canStop), (second) =>
          "grant" in second ? accept(second.grant, less) : { granted: false, refusal },
        );
      });
    },
    stopped: ({ budget, reason }) => tell("deny", budget, reason),
  };
}

const NONE = { usd: 0, tokens: 0 };

function canGrow({ policy, counter, amount }: PlannedHold): boolean {
  return policy.streams !== "hold" && counter.unit !== "requests" && amount > 0;
}

function amountsOf({
  usd,
  tokens,
}: Readonly<Record<"usd" | "tokens", number | undefined>>): Partial<Amounts> {
  return { ...(usd !== undefined && { nanoUsd: usd }), ...(tokens !== undefined && { tokens }) };
}

/** What is left of a budget is not left unused. */
function partOf(
  more: typeof NONE,
  { remaining, requested }: BudgetRefusal,
): typeof NONE | undefined {
  const share = remaining / requested;
  if (!(share > 0)) return undefined;
  return { usd: Math.floor(more.usd * share), tokens: Math.floor(more.tokens * share) };
}

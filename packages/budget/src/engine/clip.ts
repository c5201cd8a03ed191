import { chain } from "../store/maybe-promise.ts";
import type { MaybePromise } from "../store/store.ts";
import { amountIn } from "./amounts.ts";
import { boundOf, type Plan } from "./plan-holds.ts";
import type { Refused } from "./refusal.ts";
import type { Asked } from "./store-access.ts";

/** Other calls may take what was left between two tries. */
const MAX_TRIES = 8;

type Answer = MaybePromise<Asked | undefined>;

/** The same plan for a call whose output is capped. */
type Replan = (plan: Plan, maxOutputTokens: number) => Plan;

/**
 * Asks for a plan and, where a budget that clips refuses it, for the largest part of the output that fits:
 * the grant then says which cap the caller must put on the request. Without a part that fits, the first
 * refusal is the answer.
 */
export function askClipped(
  plan: Plan,
  ask: (plan: Plan) => MaybePromise<Asked>,
  replan: Replan,
): MaybePromise<Asked>;
export function askClipped(
  plan: Plan,
  ask: (plan: Plan) => MaybePromise<Asked | undefined>,
  replan: Replan,
): MaybePromise<Asked | undefined>;
export function askClipped(
  plan: Plan,
  ask: (plan: Plan) => MaybePromise<Asked | undefined>,
  replan: Replan,
): MaybePromise<Asked | undefined> {
  const { call } = plan;
  // Looking how far a call can be capped takes time: only for budgets that clip.
  if (!plan.matched.clips || call.underway === true || call.clip === undefined) return ask(plan);

  function tryWith(current: Plan, tries: number, first: Asked | undefined): Answer {
    return chain(ask(current), (answer): Answer => {
      if (answer === undefined || "grant" in answer) return answer;
      const cap = tries < MAX_TRIES ? capThatFits(current, answer.refused) : undefined;
      if (cap === undefined) return first ?? reconsidered(plan, answer);
      return tryWith(replan(plan, cap), tries + 1, first ?? reconsidered(plan, answer));
    });
  }

  return tryWith(plan, 1, undefined);
}

/** Larger than the whole limit is not too large for ever when a part of it may do. */
function reconsidered(plan: Plan, answer: Extract<Asked, { refused: Refused }>): Asked {
  const { refused } = answer;
  const { policy } = refused.hold;
  if (policy.onExceed !== "throttle" || refused.worthWaiting) return answer;
  const empty = { ...refused.refusal, remaining: refused.refusal.limit };
  if (capThatFits(plan, { ...refused, refusal: empty }) === undefined) return answer;
  const refusal = { ...refused.refusal, detail: undefined };
  return { ...answer, refused: { ...refused, refusal, worthWaiting: true } };
}

/** The most output tokens whose bound a refusing budget can bear; less than were asked for. */
function capThatFits(
  { call, maxOutputTokens }: Plan,
  { hold: { policy, counter }, refusal }: Refused,
): number | undefined {
  const { unit } = counter;
  if (call.clip === undefined || !policy.clip || unit === "requests") return undefined;
  if (refusal.reason === "frozen" || refusal.reason === "store_unavailable") return undefined;
  const fits = (cap: number): boolean => {
    const bound = boundOf(call, cap);
    const most = "unboundable" in bound ? undefined : amountIn(unit, bound);
    return most !== undefined && most <= refusal.remaining;
  };
  const { leastOutputTokens, mostOutputTokens } = call.clip;
  const below = (maxOutputTokens ?? Number.POSITIVE_INFINITY) - 1;
  return largest(leastOutputTokens, Math.min(mostOutputTokens, below), fits);
}

/** The largest whole number in a range that fits, if what is above one that does not fit does not either. */
function largest(
  least: number,
  most: number,
  fits: (value: number) => boolean,
): number | undefined {
  if (least > most || !fits(least)) return undefined;
  let fitting = least;
  let tooLarge = most + 1;
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (fits(middle)) fitting = middle;
    else tooLarge = middle;
  }
  return fitting;
}

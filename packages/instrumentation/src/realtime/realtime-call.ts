import type { BudgetDecision } from "@tollgate/budget";
import type { RequestFacts } from "@tollgate/core";
import type { MatchedCall } from "@tollgate/wire";
import { diag } from "@opentelemetry/api";
import { openCall, type Call, type Toll } from "../call/call.ts";
import { leave } from "../call/pass-toll.ts";
import { reserve } from "../call/reserve.ts";
import { reportFailure } from "../tap/guarded.ts";

/** A budget in this process answers at once, one behind a network later. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Ends a call once it is known which; what goes wrong is told to nobody but `diag`. */
export function endOnceKnown(call: MaybePromise<Call>, end: (call: Call) => void): void {
  if (call instanceof Promise) {
    call.then(end).catch((error: unknown) => reportFailure("booking a call", error));
  } else end(call);
}

/** Opens a call that is asked for by an event and not by a request of its own. */
export function openRealtimeCall(
  toll: Toll,
  match: MatchedCall,
  request: RequestFacts,
  signal?: AbortSignal,
): Call {
  const url = `wss://${match.serverAddress}${match.path}`;
  return openCall(toll, {
    url,
    match,
    request,
    resendCount: undefined,
    signal,
    usageHidden: false,
    cap: undefined,
    content: undefined,
    fingerprint: undefined,
  });
}

/** @returns `undefined` when the budget itself is broken, or the app has given up waiting. */
export function askBudget(
  toll: Toll,
  asked: Call,
  underway: boolean,
): MaybePromise<BudgetDecision | undefined> {
  const failed = (error: unknown): undefined => {
    if (asked.signal?.aborted !== true) diag.error("tollgate: the budget failed", error);
  };
  try {
    const decision = reserve(toll, asked, underway);
    return decision instanceof Promise ? decision.catch(failed) : decision;
  } catch (error) {
    return failed(error);
  }
}

/** A call that the provider began by itself: what no budget could be asked for is booked all the same. */
export function beginUnasked(toll: Toll, asked: Call): MaybePromise<Call> {
  const begin = (decision: BudgetDecision | undefined): Call =>
    decision?.granted === true ? leave(toll, asked, decision) : asked;
  const decision = askBudget(toll, asked, true);
  return decision instanceof Promise ? decision.then(begin) : begin(decision);
}

import { refusalMarker } from "./budget-exceeded.ts";
import { describeReason, type BudgetRefusal } from "./budget-refusal.ts";
import { TollgateError } from "./errors.ts";

/** What a stream fails with that a budget stops; `isBudgetExceeded` knows it by its marker. */
export function streamStopped(refusal: BudgetRefusal): TollgateError {
  const message = `Tollgate stopped the stream: ${describeReason(refusal)}`;
  const error = new TollgateError("TOLLGATE_STREAM_STOPPED", message);
  return Object.assign(error, { tollgate: refusalMarker(refusal) });
}

import { BUDGET_EXCEEDED_CODE, isBudgetExceeded, type RunOutcome } from "@tollgate/core";
import { classifySendFailure } from "../call/send-failure.ts";

const ABORTS: ReadonlySet<string> = new Set(["AbortError", "TimeoutError", "APIUserAbortError"]);

/** Names and codes; a message is content and goes nowhere. */
const TYPE = /^[\w.$:-]{1,64}$/;
/** What the conventions call an error that has no name fit for `error.type`. */
const OTHER = "_OTHER";

/** What the end of a run is told with when it threw. */
export function classifyRunFailure(error: unknown): {
  readonly outcome: RunOutcome;
  readonly errorType: string;
} {
  if (isBudgetExceeded(error)) return { outcome: "failed", errorType: BUDGET_EXCEEDED_CODE };
  const { cancelled, errorType } = classifySendFailure(error);
  const type = errorType === "Error" ? nameOfClass(error) : errorType;
  return {
    outcome: cancelled || ABORTS.has(type) ? "cancelled" : "failed",
    errorType: TYPE.test(type) ? type : OTHER,
  };
}

/** Many libraries name the class of an error but not the error. */
function nameOfClass(error: unknown): string {
  return error instanceof Error && typeof error.constructor === "function"
    ? error.constructor.name
    : "Error";
}

import { BUDGET_EXCEEDED_CODE, type CallOutcome } from "@tollgate/core";
import type { AttributeValue, SpanRecord } from "../../otlp/records.ts";
import { readCode, readText } from "./attribute-values.ts";

export interface Ending {
  readonly outcome: CallOutcome;
  readonly errorType: string | undefined;
}

const STATUS_ERROR = 2;
/** What the conventions write for an error that has no name. */
const UNNAMED_ERROR = "_OTHER";
/** Names of an abort in JavaScript, Python, Go, .NET and the browser. */
const CANCELLED =
  /^(.*\.)?(abort(ed)?(error)?|cancel(l?ed)?(error|exception)?|apiuseraborterror|context canceled|operationcanceledexception|taskcanceledexception)$/i;

/** The attribute in which an `exception` event names what was thrown. */
export const ATTR_EXCEPTION_TYPE = "exception.type";

/** How the call of a span ended. */
export function endingOfSpan(span: SpanRecord, said: string | undefined): Ending {
  const errorType = said ?? (span.statusCode === STATUS_ERROR ? thrownIn(span) : undefined);
  if (errorType !== undefined) return endingOf(errorType);
  return span.statusCode === STATUS_ERROR
    ? { outcome: "error", errorType: UNNAMED_ERROR }
    : { outcome: "ok", errorType: undefined };
}

/** How a call ended whose error has this name; without one it went well. */
export function endingOf(errorType: string | undefined): Ending {
  if (errorType === undefined) return { outcome: "ok", errorType };
  if (errorType === BUDGET_EXCEEDED_CODE) return { outcome: "refused", errorType };
  return { outcome: CANCELLED.test(errorType) ? "cancelled" : "error", errorType };
}

/** What to call an error of which a sender tells the status at most. */
export function nameError(status?: AttributeValue): string {
  return readCode(status) ?? UNNAMED_ERROR;
}

/** What the last `exception` event of a span names, which may have been handled. */
export function thrownIn({ events }: SpanRecord): string | undefined {
  const thrown = events.findLast(({ name }) => name === "exception");
  return readText(thrown?.attributes[ATTR_EXCEPTION_TYPE]);
}

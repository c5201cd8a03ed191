import type { CallOutcome, RequestFacts, ResponseFacts, TokenUsage } from "@tollgate/core";
import { estimateUsage, type SizeRatios } from "@tollgate/pricing/estimate";
import type { AnswerEnding } from "../tap/answer-sink.ts";
import { classifySendFailure, type SendFailure } from "./send-failure.ts";

/** What a call came to, before it is priced. */
export interface Judgement {
  readonly outcome: CallOutcome;
  readonly errorType: string | undefined;
  /** `undefined`: nothing was used. */
  readonly usage: TokenUsage | undefined;
  /** Whether any count is a guess of ours. */
  readonly estimated: boolean;
}

/** `error.type` of an answer that is not what its API promises. */
export const INVALID_ANSWER = "invalid_response";

/** Judges an answer by what was read of it and how the reading ended. */
export function judgeAnswer(
  request: RequestFacts,
  facts: ResponseFacts,
  ending: AnswerEnding,
  ratios: SizeRatios,
): Judgement {
  return { ...judgeEnding(facts, ending), ...judgeUsage(request, facts, ratios) };
}

/** Judges a call that no answer came to. */
export function judgeFailure(
  request: RequestFacts,
  failure: SendFailure,
  ratios: SizeRatios,
): Judgement {
  const { cancelled, unbilled, errorType } = failure;
  return {
    outcome: cancelled ? "cancelled" : "error",
    errorType,
    usage: unbilled
      ? undefined
      : estimateUsage(request, { outputChars: 0, usage: undefined }, ratios),
    estimated: !unbilled,
  };
}

/** Judges an answer that is an error by its status, which no provider bills. */
export function judgeErrorStatus(status: number): Judgement {
  return { outcome: "error", errorType: String(status), usage: undefined, estimated: false };
}

function judgeEnding(
  facts: ResponseFacts,
  ending: AnswerEnding,
): Pick<Judgement, "outcome" | "errorType"> {
  if (facts.errorType !== undefined) return { outcome: "error", errorType: facts.errorType };
  // Some clients cancel, or just stop, once they have read the last event.
  if (facts.complete) return { outcome: "ok", errorType: undefined };
  if (ending.how === "failed") {
    const { cancelled, errorType } = classifySendFailure(ending.error);
    return cancelled
      ? { outcome: "cancelled", errorType }
      : { outcome: "error", errorType: errorType === "SyntaxError" ? INVALID_ANSWER : errorType };
  }
  return ending.how === "done"
    ? { outcome: "error", errorType: INVALID_ANSWER }
    : { outcome: "cancelled", errorType: undefined };
}

/** What the provider said counts; what it left out is estimated, never taken as zero. */
function judgeUsage(
  request: RequestFacts,
  facts: ResponseFacts,
  ratios: SizeRatios,
): Pick<Judgement, "usage" | "estimated"> {
  const { usage } = facts;
  const nothingSaid = usage === undefined && facts.outputChars === 0;
  if (nothingSaid && facts.errorType !== undefined) return { usage: undefined, estimated: false };

  const guess = estimateUsage(
    request,
    { outputChars: facts.outputChars, usage: undefined },
    ratios,
  );
  const inputTokens = usage?.inputTokens ?? guess.inputTokens;
  const outputTokens = outputOf(facts, guess);
  const said =
    usage !== undefined && usage.inputTokens === inputTokens && usage.outputTokens === outputTokens;
  return said
    ? { usage, estimated: false }
    : { usage: { ...usage, inputTokens, outputTokens }, estimated: true };
}

/** An unfinished stream has generated more than its opening placeholder says (Anthropic's does so). */
function outputOf({ usage, complete }: ResponseFacts, guess: TokenUsage): number | undefined {
  const said = usage?.outputTokens;
  if (said === undefined) return guess.outputTokens;
  return complete ? said : Math.max(said, guess.outputTokens ?? 0);
}

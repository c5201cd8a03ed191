import {
  BUDGET_EXCEEDED_CODE,
  type CallOutcome,
  type RequestFacts,
  type ResponseFacts,
  type TokenUsage,
} from "@tollgate/core";
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

/** The result says what was used, once it is fetched; an estimate would be charged twice. */
const PENDING: Judgement = {
  outcome: "pending",
  errorType: undefined,
  usage: undefined,
  estimated: false,
};

/**
 * Judges an answer by what was read of it and how the reading ended.
 *
 * @param aborted - whether the request's own signal says so.
 */
export function judgeAnswer(
  request: RequestFacts,
  facts: ResponseFacts,
  ending: AnswerEnding,
  ratios: () => SizeRatios,
  aborted?: boolean,
): Judgement {
  if (facts.pending === true) return PENDING;
  const { outcome, errorType } = judgeEnding(request, facts, ending, aborted);
  const { usage, estimated } = judgeUsage(request, facts, ratios);
  return { outcome, errorType, usage, estimated };
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
  request: RequestFacts,
  facts: ResponseFacts,
  ending: AnswerEnding,
  aborted: boolean | undefined,
): Pick<Judgement, "outcome" | "errorType"> {
  if (facts.errorType !== undefined) return { outcome: "error", errorType: facts.errorType };
  // Some clients cancel, or just stop, once they have read the last event.
  if (facts.complete) return { outcome: "ok", errorType: undefined };
  if (ending.how === "failed") {
    const { cancelled, errorType } = classifySendFailure(ending.error, aborted);
    return cancelled
      ? { outcome: "cancelled", errorType }
      : { outcome: "error", errorType: errorType === "SyntaxError" ? INVALID_ANSWER : errorType };
  }
  if (ending.how === "stopped") return { outcome: "cancelled", errorType: BUDGET_EXCEEDED_CODE };
  // An app that gives up may see no error but an early end.
  if (ending.how !== "done" || aborted === true)
    return { outcome: "cancelled", errorType: undefined };
  // Work accepted for later (a response in the background) is no broken answer.
  return !request.streaming && acceptedForLater(facts)
    ? { outcome: "ok", errorType: undefined }
    : { outcome: "error", errorType: INVALID_ANSWER };
}

function acceptedForLater({ id, finishReasons, problems, outputChars }: ResponseFacts): boolean {
  return id !== undefined && finishReasons.length + problems.length + outputChars === 0;
}

/** What the provider said counts; what it left out is estimated, never taken as zero. */
function judgeUsage(
  request: RequestFacts,
  facts: ResponseFacts,
  ratios: () => SizeRatios,
): Pick<Judgement, "usage" | "estimated"> {
  const { usage } = facts;
  if (saysAll(facts) || !billsTokens(request, facts)) return { usage, estimated: false };

  const guess = estimateUsage(
    request,
    { outputChars: facts.outputChars, usage: undefined },
    ratios(),
  );
  const inputTokens = usage?.inputTokens ?? guess.inputTokens;
  const outputTokens = outputOf(facts, guess);
  const said =
    usage !== undefined && usage.inputTokens === inputTokens && usage.outputTokens === outputTokens;
  return said
    ? { usage, estimated: false }
    : { usage: { ...usage, inputTokens, outputTokens }, estimated: true };
}

/** Nearly every answer: then there is nothing to estimate. */
function saysAll({ complete, usage }: ResponseFacts): boolean {
  return complete && usage?.inputTokens !== undefined && usage.outputTokens !== undefined;
}

/** Free calls, errors before any output, and what is billed by the second or the search have no tokens to guess. */
function billsTokens(
  { free }: RequestFacts,
  { usage, errorType, outputChars }: ResponseFacts,
): boolean {
  const { audioSeconds, searchUnits } = usage ?? {};
  if (free === true || audioSeconds !== undefined || searchUnits !== undefined) return false;
  return usage !== undefined || errorType === undefined || outputChars > 0;
}

/** An unfinished stream has generated more than its opening placeholder says (Anthropic's does so). */
function outputOf({ usage, complete }: ResponseFacts, guess: TokenUsage): number | undefined {
  const said = usage?.outputTokens;
  if (said === undefined) return guess.outputTokens;
  return complete ? said : Math.max(said, guess.outputTokens ?? 0);
}

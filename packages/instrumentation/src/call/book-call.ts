import {
  UNPRICED,
  type CallCost,
  type ResponseFacts,
  type TokenUsage,
  type UsageEvent,
} from "@tollgate/core";
import type { BillingTerms } from "@tollgate/pricing";
import { diag } from "@opentelemetry/api";
import type { CallContent } from "../content/content-capture.ts";
import { discreetly } from "../content/discreetly.ts";
import { guarded } from "../tap/guarded.ts";
import type { Call, Toll } from "./call.ts";
import { INVALID_ANSWER, type Judgement } from "./judge-answer.ts";

/** The end of a call, as the event needs it. */
export interface CallEnding extends Judgement {
  readonly facts: ResponseFacts | undefined;
  /** The provider provably billed nothing: the hold goes back whole. */
  readonly unbilled: boolean;
  readonly firstChunkAtMs: number | undefined;
  readonly chunks: number | undefined;
}

/** An ending of which nothing was read. */
export function unreadEnding(judgement: Judgement, unbilled: boolean): CallEnding {
  return { ...judgement, unbilled, facts: undefined, firstChunkAtMs: undefined, chunks: undefined };
}

/**
 * Books a call that has ended: settles its lease first, then the aggregates, the span and the
 * subscribers, so that nothing slow or failing stands before the money.
 */
export function bookCall(toll: Toll, call: Call, ending: CallEnding): void {
  const cost = priceEnding(toll, call, ending);
  guarded("settling a call", () => settle(call, ending, cost));
  const event = usageEventOf(toll, call, ending, cost);
  guarded("recording a call", () => toll.budget.record(event));
  if (call.content !== undefined) recordContent(call, call.content, event);
  guarded("ending a span", () => call.span?.end(event));
  guarded("a usage subscriber", () => toll.onUsage?.(event));
  for (const problem of problemsOf(ending)) {
    diag.warn(`tollgate: ${call.match.api.id} answer of ${call.match.serverAddress}: ${problem}`);
  }
}

function recordContent(call: Call, content: CallContent, event: UsageEvent): void {
  discreetly("recording content", () => content.record(event, call.span));
}

function problemsOf({ facts, errorType }: CallEnding): readonly string[] {
  const problems = facts?.problems ?? [];
  return errorType === INVALID_ANSWER && problems.length === 0
    ? ["it ended before its last event"]
    : problems;
}

export const NOTHING_BILLED: CallCost = { totalNanoUsd: 0, parts: {}, priceSource: "catalogue" };

function priceEnding(toll: Toll, call: Call, { outcome, usage, facts }: CallEnding): CallCost {
  return outcome === "pending" ? UNPRICED : priceUsage(toll, call, usage, facts);
}

/** What a call costs that has used so much, ended or not. */
export function priceUsage(
  toll: Toll,
  call: Call,
  usage: TokenUsage | undefined,
  facts: ResponseFacts | undefined,
): CallCost {
  if (usage === undefined || call.request.free === true) return NOTHING_BILLED;
  const { provider } = call.match;
  const priceAs = (model: string | undefined): CallCost =>
    toll.pricer.priceCall(usage, {
      provider,
      model,
      timeMs: call.timeMs,
      ...billingTerms(call, facts),
      additionalUsage: facts?.additionalUsage,
      providerCostNanoUsd: facts?.providerCostNanoUsd,
    });
  const [asked, answered] = [call.request.model, facts?.billedModel ?? facts?.model];
  if (provider !== RESELLER || asked === undefined) return priceAs(answered ?? asked);
  const cost = priceAs(asked);
  // An ARN of the customer's own says nothing of the model behind it.
  return cost.priceSource === "unpriced" && answered !== undefined ? priceAs(answered) : cost;
}

/**
 * Bills by the id that was asked for, such as a profile with its regions; the model maker's own answer names
 * only the model.
 */
const RESELLER = "aws.bedrock";

/** What the answer says of its tier, speed and place beats what was asked for. */
function billingTerms({ request, match }: Call, facts: ResponseFacts | undefined): BillingTerms {
  return {
    serviceTier: facts?.serviceTier ?? request.serviceTier,
    speed: facts?.speed ?? request.speed,
    region: facts?.region ?? request.region ?? match.region,
  };
}

function settle(call: Call, ending: CallEnding, cost: CallCost): void {
  // The hold of work in the background stays until its result is fetched.
  if (call.lease === undefined || ending.outcome === "pending") return;
  const done = ending.unbilled
    ? call.lease.release()
    : call.lease.settle({
        nanoUsd: cost.totalNanoUsd,
        tokens: countTokens(ending.usage, ending.facts),
      });
  if (done instanceof Promise) {
    done.catch((error: unknown) => diag.error("tollgate: settling a call failed", error));
  }
}

function countTokens(usage: TokenUsage | undefined, facts: ResponseFacts | undefined): number {
  const more = facts?.additionalUsage ?? [];
  return more.reduce((total, each) => total + tokensOf(each.usage), tokensOf(usage));
}

export function tokensOf(usage: TokenUsage | undefined): number {
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
}

function usageEventOf(toll: Toll, call: Call, ending: CallEnding, cost: CallCost): UsageEvent {
  const { match, request } = call;
  const spanContext = call.span?.span.spanContext();
  return {
    id: call.id,
    timeMs: call.timeMs,
    attribution: call.attribution,
    provider: match.provider,
    operation: match.api.operation,
    api: match.api.id,
    requestModel: request.model,
    streaming: request.streaming,
    usage: ending.usage,
    estimated: ending.estimated,
    cost,
    outcome: ending.outcome,
    errorType: ending.errorType,
    ...answerOf(ending.facts),
    durationMs: toll.clock.monotonic() - call.startedAtMs,
    timeToFirstChunkMs: timeToFirstChunk(call, ending),
    chunks: ending.chunks,
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    parentSpanId: call.span?.parentSpanId,
  };
}

type Answer = Pick<
  UsageEvent,
  "responseModel" | "responseId" | "additionalUsage" | "finishReasons" | "toolCalls"
>;

const NO_ANSWER: Answer = {
  responseModel: undefined,
  responseId: undefined,
  additionalUsage: [],
  finishReasons: [],
  toolCalls: [],
};

function answerOf(facts: ResponseFacts | undefined): Answer {
  if (facts === undefined) return NO_ANSWER;
  const { model, id, additionalUsage, finishReasons, toolCalls } = facts;
  return { responseModel: model, responseId: id, additionalUsage, finishReasons, toolCalls };
}

function timeToFirstChunk(call: Call, { firstChunkAtMs }: CallEnding): number | undefined {
  if (!call.request.streaming || firstChunkAtMs === undefined) return undefined;
  return firstChunkAtMs - call.startedAtMs;
}

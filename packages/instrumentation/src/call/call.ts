import type { Attribution, Clock, RequestFacts, UsageEvent } from "@tollgate/core";
import type { BudgetCall, BudgetLease, BudgetProcessor, OutputRange } from "@tollgate/budget";
import type { Pricer } from "@tollgate/pricing";
import {
  boundCall,
  estimateCall,
  type LearnedRatios,
  type SizeRatios,
} from "@tollgate/pricing/estimate";
import type { MatchedCall } from "@tollgate/wire";
import type { Tracer } from "@opentelemetry/api";
import type { CallContent } from "../content/content-capture.ts";
import { numberTurn, type CountedCall } from "../agents/count-call.ts";
import type { LaterUsage } from "../fetched/later-usage.ts";
import type { InferenceSpan } from "../span/inference-span.ts";
import type { OpenAnswers } from "./open-answers.ts";
import type { RequestCap } from "./request-cap.ts";
import type { ResolveAttribution } from "./resolve-attribution.ts";

/** What metering a call needs; made once, shared by all calls. */
export interface Toll {
  readonly budget: BudgetProcessor;
  readonly pricer: Pricer;
  readonly onUnpriced: "count" | "deny";
  readonly clock: Clock;
  /** For calls whose provider does not report its counts. */
  readonly ratios: LearnedRatios;
  readonly attribution: ResolveAttribution;
  readonly tracer: () => Tracer | undefined;
  readonly openAnswers: OpenAnswers;
  readonly later: LaterUsage;
  readonly onUsage: ((event: UsageEvent) => void) | undefined;
}

/** What the fetch knows of a request that is about to leave. */
export interface OutgoingCall {
  readonly url: string;
  readonly match: MatchedCall;
  readonly request: RequestFacts;
  readonly resendCount: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Whether it asks for a usage chunk that the app did not ask for, and must not see. */
  readonly usageHidden: boolean;
  /** `undefined` when its output cannot be limited. */
  readonly cap: RequestCap | undefined;
  /** Only where content is recorded. */
  readonly content: CallContent | undefined;
  /** Where a guard counts identical requests. */
  readonly fingerprint: string | undefined;
}

/** One physical attempt, from the question to the budget to the booked event. */
export interface Call extends OutgoingCall {
  readonly id: string;
  readonly attribution: Attribution;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** On the clock's monotonic scale. */
  readonly startedAtMs: number;
  readonly lease: BudgetLease | undefined;
  readonly span: InferenceSpan | undefined;
}

export function openCall(toll: Toll, outgoing: OutgoingCall): Call {
  return {
    ...outgoing,
    id: crypto.randomUUID(),
    attribution: numberTurn(toll.attribution(), countedOf(outgoing)),
    timeMs: toll.clock.now(),
    startedAtMs: toll.clock.monotonic(),
    lease: undefined,
    span: undefined,
  };
}

/** What counting the call for the agent around it needs. */
export function countedOf({ match, resendCount }: OutgoingCall): CountedCall {
  return { operation: match.api.operation, resendCount };
}

export function ratiosOf({ ratios }: Toll, { match, request }: OutgoingCall): SizeRatios {
  return ratios.ratiosOf(match.provider, request.model);
}

const NOTHING = { nanoUsd: 0, tokens: 0 };

/** What every current chat model takes as a limit, where the request names none and the price list knows none. */
const TAKEN_BY_ALL = 4_000;

/** How far a call's output can be limited. It takes a look at the body, so only a budget that clips asks. */
function outputRangeOf({ pricer }: Toll, { cap, request, match }: Call): OutputRange | undefined {
  const leastOutputTokens = cap?.leastOutputTokens();
  if (leastOutputTokens === undefined) return undefined;
  const own = request.maxOutputTokens ?? cap?.otherwise();
  if (own !== undefined) return { leastOutputTokens, mostOutputTokens: own };
  const { model } = request;
  const window = model === undefined ? undefined : pricer.contextWindow(match.provider, model);
  const mostOutputTokens = Math.min(window ?? TAKEN_BY_ALL, TAKEN_BY_ALL);
  return { leastOutputTokens, mostOutputTokens, unlimited: true };
}

/** The question to the budget. What costs time to say is said only when a policy asks. */
export function budgetCallOf(toll: Toll, call: Call): BudgetCall {
  const { request } = call;
  const { api, provider, region } = call.match;
  const about = { provider, region, timeMs: call.timeMs, operation: api.operation };
  let range: { readonly is: OutputRange | undefined } | undefined;
  return {
    id: call.id,
    attribution: call.attribution,
    provider: call.match.provider,
    model: request.model,
    expected: () =>
      request.free === true
        ? NOTHING
        : estimateCall(toll.pricer, request, about, ratiosOf(toll, call)),
    bound: (maxOutputTokens) =>
      request.free === true
        ? NOTHING
        : boundCall(toll.pricer, request, { ...about, maxOutputTokens }),
    get clip() {
      range ??= { is: outputRangeOf(toll, call) };
      return range.is;
    },
    signal: call.signal,
    fingerprint: call.fingerprint,
  };
}

import type { Attribution, Clock, RequestFacts, UsageEvent } from "@tollgate/core";
import type { BudgetCall, BudgetLease, BudgetProcessor } from "@tollgate/budget";
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

/** The question to the budget. What costs time to say is said only when a policy asks. */
export function budgetCallOf(toll: Toll, call: Call): BudgetCall {
  const { request } = call;
  const { api, provider, region } = call.match;
  const about = { provider, region, timeMs: call.timeMs, operation: api.operation };
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
    signal: call.signal,
    fingerprint: call.fingerprint,
  };
}

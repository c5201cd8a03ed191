import { UNPRICED, type Attribution, type CallCost, type UsageEvent } from "@tollgate/core";
import { diag } from "@opentelemetry/api";
import type { Amounts } from "@tollgate/budget";
import type { FetchedResult, MatchedFetch } from "@tollgate/wire";
import { NOTHING_BILLED, tokensOf } from "../call/book-call.ts";
import type { Toll } from "../call/call.ts";
import { guarded } from "../tap/guarded.ts";
import type { PendingCall } from "./later-usage.ts";

/** Books the results of one fetch. */
export interface FetchedBooks {
  book(result: FetchedResult): void;
  /** Charges what was booked since; a file of results would ask a store for each of its lines otherwise. */
  charge(): void;
}

interface Bill {
  nanoUsd: number;
  tokens: number;
  requests: number;
}

/**
 * Books results that were made earlier, each once: an event and the metrics, as the provider says it and never
 * estimated. There is no span: one tells when a model worked, for how long and within what, and of that a
 * download knows nothing; the call that asked for a response has had its span, and a batch may have
 * 100,000 answers.
 *
 * @param fetcher - who pays where it is not known who asked for it.
 */
export function createFetchedBooks(
  toll: Toll,
  fetch: MatchedFetch,
  fetcher: Attribution,
): FetchedBooks {
  const bills = new Map<string | undefined, Bill>();
  const creator = fetch.id === undefined ? undefined : toll.later.creatorOf(fetch.id);
  const payer = creator ?? fetcher;

  const addToBill = (model: string | undefined, used: Amounts): void => {
    const bill = bills.get(model) ?? { nanoUsd: 0, tokens: 0, requests: 0 };
    bill.nanoUsd += used.nanoUsd ?? 0;
    bill.tokens += used.tokens;
    bill.requests += 1;
    bills.set(model, bill);
  };

  return {
    book(result) {
      const claim = toll.later.claim(result.key, fetch.kind === "response" ? "response" : "line");
      if (claim === "counted") return;
      const call = claim === "new" ? undefined : claim;
      const timeMs = toll.clock.now();
      const cost = priceResult(toll, fetch, result, timeMs);
      const { usage, additionalUsage, model } = result.facts;
      const tokens = additionalUsage.reduce(
        (sum, more) => sum + tokensOf(more.usage),
        tokensOf(usage),
      );
      if (call !== undefined) settle(call, result, { nanoUsd: cost.totalNanoUsd, tokens });
      else addToBill(model, { nanoUsd: cost.totalNanoUsd, tokens });
      const event = eventOf(fetch, result, call, call?.attribution ?? payer, cost, timeMs);
      guarded("recording a fetched result", () => toll.budget.record(event));
      guarded("a usage subscriber", () => toll.onUsage?.(event));
    },

    charge() {
      for (const [model, { nanoUsd, tokens, requests }] of bills) {
        const charging = toll.budget.charge({
          id: crypto.randomUUID(),
          attribution: payer,
          provider: fetch.provider,
          model,
          used: { nanoUsd, tokens },
          requests,
        });
        report(charging);
      }
      bills.clear();
    },
  };
}

function priceResult(
  { pricer }: Toll,
  { provider }: MatchedFetch,
  { facts, free }: FetchedResult,
  timeMs: number,
): CallCost {
  const { usage, errorType, model, serviceTier, additionalUsage, providerCostNanoUsd } = facts;
  if (free || (usage === undefined && errorType !== undefined)) return NOTHING_BILLED;
  if (usage === undefined) return UNPRICED;
  return pricer.priceCall(usage, {
    provider,
    model,
    timeMs,
    serviceTier,
    additionalUsage,
    providerCostNanoUsd,
  });
}

/** An end without a word on its usage (a response that was cancelled) is charged as held. */
function settle({ lease }: PendingCall, { facts }: FetchedResult, used: Amounts): void {
  if (lease === undefined) return;
  const isKnown = facts.usage !== undefined || facts.errorType !== undefined;
  report(lease.settle(isKnown ? used : { nanoUsd: undefined, tokens: Number.NaN }));
}

function report(done: void | Promise<void>): void {
  if (!(done instanceof Promise)) return;
  done.catch((error: unknown) => diag.error("tollgate: charging a fetched result failed", error));
}

function eventOf(
  { provider }: MatchedFetch,
  { key, api, facts, outcome }: FetchedResult,
  call: PendingCall | undefined,
  attribution: Attribution,
  cost: CallCost,
  timeMs: number,
): UsageEvent {
  const { usage, model, id, additionalUsage, finishReasons, toolCalls, errorType } = facts;
  return {
    id: key,
    fetched: true,
    timeMs,
    attribution,
    provider,
    operation: api.operation,
    api: api.id,
    requestModel: call?.requestModel,
    responseModel: model,
    responseId: id,
    streaming: false,
    usage,
    additionalUsage,
    estimated: false,
    cost,
    outcome,
    errorType,
    finishReasons,
    toolCalls,
    durationMs: undefined,
    timeToFirstChunkMs: undefined,
    chunks: undefined,
    traceId: undefined,
    spanId: undefined,
  };
}

import { currentMeteredUrl, systemClock } from "@tollgate/core";
import { createBudgetProcessor, type BudgetProcessor } from "@tollgate/budget";
import { createPricer } from "@tollgate/pricing";
import { createLearnedRatios } from "@tollgate/pricing/estimate";
import { matchCall, type MatchedCall } from "@tollgate/wire";
import { diag, type Meter } from "@opentelemetry/api";
import type { RunHost } from "../agents/run-host.ts";
import type { OutgoingCall, Toll } from "../call/call.ts";
import { createOpenAnswers } from "../call/open-answers.ts";
import type { MeteringOptions } from "../call/options.ts";
import { passToll } from "../call/pass-toll.ts";
import { createAttributionResolver } from "../call/resolve-attribution.ts";
import { guarded } from "../tap/guarded.ts";
import {
  bodyOfRequest,
  methodOfRequest,
  resendCountOfRequest,
  signalOfRequest,
  urlOfRequest,
  type Fetch,
  type FetchInit,
  type FetchInput,
} from "./outgoing-request.ts";
import { createGlobalTelemetry, type TelemetrySource } from "./telemetry-source.ts";

/** Meters any number of fetch functions with one budget, one price list and one telemetry. */
export interface CallMeter {
  readonly budget: BudgetProcessor;
  /** A fetch that does what the given one does, with every LLM call metered and gated. */
  wrap(fetch: Fetch): Fetch;
  /** Where the agents, tools and tasks go that make such calls. */
  readonly runs: RunHost;
}

const DEFAULT_ABANDON_AFTER_MS = 15 * 60 * 1000;

export function createCallMeter(options: MeteringOptions = {}): CallMeter {
  const clock = options.clock ?? systemClock;
  const budget = options.budget ?? createBudgetProcessor({ policies: [] });
  const telemetry = options.telemetry ?? createGlobalTelemetry();
  const toll: Toll = {
    budget,
    pricer: options.pricer ?? createPricer(),
    clock,
    ratios: createLearnedRatios(),
    attribution: createAttributionResolver(options.attribution),
    tracer: options.spans === false ? () => undefined : telemetry.tracer,
    openAnswers: createOpenAnswers(options.abandonAfterMs ?? DEFAULT_ABANDON_AFTER_MS),
    onUsage: options.onUsage,
  };
  const followMeter = createMeterFollower(budget, telemetry);

  return {
    budget,
    runs: {
      clock,
      tracer: toll.tracer,
      attribution: toll.attribution,
      record(run) {
        followMeter();
        budget.recordRun(run);
      },
    },
    wrap: (fetch) =>
      function meteredFetch(input, init) {
        const outgoing = guarded("looking at a request", () => lookAt(input, init));
        if (outgoing === undefined) return fetch(input, init);
        const send = (): Promise<Response> => fetch(input, init);
        followMeter();
        return outgoing instanceof Promise
          ? outgoing.then((call) => (call === undefined ? send() : passToll(toll, call, send)))
          : passToll(toll, outgoing, send);
      },
  };
}

/**
 * A fetch that meters every LLM call it carries and holds it to its budget: for clients that take
 * a `fetch` option, for apps that cannot be started with `--import`, and for other runtimes.
 *
 * Everything that is not a known LLM API passes untouched. Requests, answers, errors and cancels are the
 * ones the given fetch produces; only a call that a budget refuses is answered here, as HTTP 402 in
 * the provider's own error shape.
 *
 * @example new OpenAI({ fetch: createMeteredFetch(fetch, { budget }) })
 */
export function createMeteredFetch(fetch: Fetch, options: MeteringOptions = {}): Fetch {
  return createCallMeter(options).wrap(fetch);
}

/** Keeps the instruments on the meter of the moment; they export all that was counted before. */
function createMeterFollower(budget: BudgetProcessor, telemetry: TelemetrySource): () => void {
  let bound: Meter | undefined;
  let unbind: (() => void) | undefined;
  return () => {
    const meter = guarded("finding a meter", telemetry.meter);
    if (meter === undefined || meter === bound) return;
    guarded("moving instruments", () => {
      unbind?.();
      bound = meter;
      unbind = budget.bind(meter);
    });
  };
}

type Looked = OutgoingCall | undefined;

/** What of a request concerns us; cheap for all that does not. */
function lookAt(input: FetchInput, init: FetchInit): Looked | Promise<Looked> {
  const url = urlOfRequest(input);
  const match = matchCall(methodOfRequest(input, init), url);
  if (match === undefined || currentMeteredUrl() === url) return undefined;
  const body = bodyOfRequest(input, init);
  const read = (text: string | undefined): Looked => describe(match, url, text, input, init);
  return body instanceof Promise
    ? body.then((text) => guarded("reading a request", () => read(text)))
    : read(body);
}

function describe(
  match: MatchedCall,
  url: string,
  body: string | undefined,
  input: FetchInput,
  init: FetchInit,
): Looked {
  const request = match.api.readRequest(body, match.path);
  if (request === undefined) {
    diag.debug(
      `tollgate: ${match.serverAddress}${match.path} looks like ${match.api.id}, but its body does not: not metered`,
    );
    return undefined;
  }
  return {
    url,
    match,
    request,
    resendCount: resendCountOfRequest(input, init),
    signal: signalOfRequest(input, init),
  };
}

import { systemClock } from "@tollgate/core";
import type { BudgetProcessor } from "@tollgate/budget";
import { createCheckedBudgetProcessor } from "@tollgate/budget/checked";
import { observePricesAge } from "@tollgate/metering";
import { createPricer } from "@tollgate/pricing";
import { createLearnedRatios } from "@tollgate/pricing/estimate";
import type { Meter } from "@opentelemetry/api";
import type { RunHost } from "../agents/run-host.ts";
import type { Toll } from "../call/call.ts";
import type { ClientKind } from "../call/client-kind.ts";
import { createLook, type Looked } from "../call/look-at-request.ts";
import { checkedPricer } from "../call/checked-pricer.ts";
import { createOpenAnswers } from "../call/open-answers.ts";
import type { MeteringOptions } from "../call/options.ts";
import { passToll } from "../call/pass-toll.ts";
import { createAttributionResolver } from "../call/resolve-attribution.ts";
import { createContentCapture } from "../content/content-capture.ts";
import { createLaterUsage } from "../fetched/later-usage.ts";
import { createFetchedWatch } from "../fetched/watch-fetched.ts";
import { createRealtimeMeter, type RealtimeMeter } from "../realtime/realtime-meter.ts";
import { guarded } from "../tap/guarded.ts";
import { fetchClient } from "./fetch-client.ts";
import type { Fetch } from "./outgoing-request.ts";
import { createGlobalTelemetry, type TelemetrySource } from "./telemetry-source.ts";

/** Sends one request. */
export type Send<Input, Init, Answer> = (input: Input, init: Init) => Promise<Answer>;

/** Meters any number of clients with one budget, one price list and one telemetry. */
export interface CallMeter {
  readonly budget: BudgetProcessor;
  /** A fetch that does what the given one does, with every LLM call metered and gated. */
  wrap(fetch: Fetch): Fetch;
  /** The same for a client of any kind. */
  wrapClient<Input, Init, Answer>(
    send: Send<Input, Init, Answer>,
    kind: ClientKind<Input, Init, Answer>,
  ): Send<Input, Init, Answer>;
  /** Meters the model calls on WebSockets. */
  readonly realtime: RealtimeMeter;
  /** Where the agents, tools and tasks go that make such calls. */
  readonly runs: RunHost;
}

const DEFAULT_ABANDON_AFTER_MS = 15 * 60 * 1000;

export function createCallMeter(options: MeteringOptions = {}): CallMeter {
  const clock = options.clock ?? systemClock;
  const budget = options.budget ?? createCheckedBudgetProcessor({ policies: [] });
  const telemetry = options.telemetry ?? createGlobalTelemetry();
  const pricer = options.pricer ?? createPricer();
  const toll: Toll = {
    budget,
    pricer: checkedPricer(pricer),
    onUnpriced: options.onUnpriced ?? "count",
    clock,
    ratios: createLearnedRatios(),
    attribution: createAttributionResolver(options.attribution),
    tracer: options.spans === false ? () => undefined : telemetry.tracer,
    openAnswers: createOpenAnswers(options.abandonAfterMs ?? DEFAULT_ABANDON_AFTER_MS),
    later: createLaterUsage(),
    onUsage: options.onUsage,
  };
  const followMeter = createMeterFollower(telemetry, (meter) => {
    const unbind = [
      budget.bind(meter),
      observePricesAge(meter, () => pricer.catalogueDate, clock.now),
    ];
    return () => {
      for (const end of unbind) end();
    };
  });

  const capture = createContentCapture(options);
  const fingerprints = (): boolean => budget.readsFingerprints;
  const look = createLook({ ...options, fingerprints }, capture);
  const watchFetched = createFetchedWatch(toll, options.endpoints, followMeter);

  const wrapClient: CallMeter["wrapClient"] = (send, { requests, answers }) =>
    function metered(input, init) {
      const looked = guarded("looking at a request", () => look(requests, input, init));
      if (looked === undefined) return watchFetched({ requests, answers }, send, input, init);
      followMeter();
      const pass = (found: Looked<typeof init>): ReturnType<typeof send> =>
        passToll(
          toll,
          found.call,
          {
            asAsked: () => send(input, init),
            metered: () => send(input, found.init),
            capped(maxOutputTokens) {
              const capped = found.capped(maxOutputTokens);
              return capped === undefined ? undefined : () => send(input, capped);
            },
          },
          answers,
        );
      return looked instanceof Promise
        ? looked.then((found) => (found === undefined ? send(input, init) : pass(found)))
        : pass(looked);
    };

  const runs: RunHost = {
    clock,
    tracer: toll.tracer,
    attribution: toll.attribution,
    toolContent: capture?.tools,
    record(run) {
      followMeter();
      budget.recordRun(run);
    },
  };

  const { endpoints } = options;
  const realtime = createRealtimeMeter({ toll, followMeter, endpoints });

  return { budget, runs, realtime, wrapClient, wrap: (fetch) => wrapClient(fetch, fetchClient) };
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
function createMeterFollower(
  telemetry: TelemetrySource,
  bind: (meter: Meter) => () => void,
): () => void {
  let bound: Meter | undefined;
  let unbind: (() => void) | undefined;
  return () => {
    const meter = guarded("finding a meter", telemetry.meter);
    if (meter === undefined || meter === bound) return;
    guarded("moving instruments", () => {
      unbind?.();
      bound = meter;
      unbind = bind(meter);
    });
  };
}

import { currentMeteredUrl, systemClock, type RequestFacts } from "@tollgate/core";
import { createBudgetProcessor, type BudgetProcessor } from "@tollgate/budget";
import { createPricer } from "@tollgate/pricing";
import { createLearnedRatios } from "@tollgate/pricing/estimate";
import { matchCall, type MatchedCall } from "@tollgate/wire";
import { diag, type Meter } from "@opentelemetry/api";
import type { RunHost } from "../agents/run-host.ts";
import type { OutgoingCall, Toll } from "../call/call.ts";
import type { ClientKind, RequestKind } from "../call/client-kind.ts";
import { checkedPricer } from "../call/checked-pricer.ts";
import { createOpenAnswers } from "../call/open-answers.ts";
import type { MeteringOptions } from "../call/options.ts";
import { passToll } from "../call/pass-toll.ts";
import { createAttributionResolver } from "../call/resolve-attribution.ts";
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
    pricer: checkedPricer(options.pricer ?? createPricer()),
    clock,
    ratios: createLearnedRatios(),
    attribution: createAttributionResolver(options.attribution),
    tracer: options.spans === false ? () => undefined : telemetry.tracer,
    openAnswers: createOpenAnswers(options.abandonAfterMs ?? DEFAULT_ABANDON_AFTER_MS),
    onUsage: options.onUsage,
  };
  const followMeter = createMeterFollower(budget, telemetry);

  const wrapClient: CallMeter["wrapClient"] = (send, { requests, answers }) =>
    function metered(input, init) {
      const outgoing = guarded("looking at a request", () => lookAt(requests, input, init));
      if (outgoing === undefined) return send(input, init);
      const sendIt = (): ReturnType<typeof send> => send(input, init);
      followMeter();
      return outgoing instanceof Promise
        ? outgoing.then((call) =>
            call === undefined ? sendIt() : passToll(toll, call, sendIt, answers),
          )
        : passToll(toll, outgoing, sendIt, answers);
    };

  const runs: RunHost = {
    clock,
    tracer: toll.tracer,
    attribution: toll.attribution,
    record(run) {
      followMeter();
      budget.recordRun(run);
    },
  };

  return { budget, runs, wrapClient, wrap: (fetch) => wrapClient(fetch, fetchClient) };
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
function lookAt<Input, Init>(
  requests: RequestKind<Input, Init>,
  input: Input,
  init: Init,
): Looked | Promise<Looked> {
  const url = requests.url(input, init);
  const match = matchCall(requests.method(input, init), url);
  if (match === undefined || currentMeteredUrl() === url) return undefined;
  const body = requests.body(input, init);
  const read = (text: string | undefined): Looked => {
    const request = readRequest(match, text);
    if (request === undefined) return undefined;
    const resendCount = requests.resendCount(input, init);
    return { url, match, request, resendCount, signal: requests.signal(input, init) };
  };
  return body instanceof Promise
    ? body.then((text) => guarded("reading a request", () => read(text)))
    : read(body);
}

function readRequest(match: MatchedCall, body: string | undefined): RequestFacts | undefined {
  const { api, path, serverAddress } = match;
  const request = api.readRequest(body, path);
  if (request === undefined) {
    const where = `${serverAddress}${path}`;
    diag.debug(`tollgate: ${where} looks like ${api.id}, but its body does not: not metered`);
  }
  return request;
}

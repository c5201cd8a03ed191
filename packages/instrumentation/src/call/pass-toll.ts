import { BUDGET_EXCEEDED_CODE, withMeteredUrl } from "@tollgate/core";
import type { BudgetDecision } from "@tollgate/budget";
import { refusalResponse, type WireApi } from "@tollgate/wire";
import { context, diag } from "@opentelemetry/api";
import { countInference } from "../agents/count-call.ts";
import { withSpanOfRun } from "../agents/trace-run.ts";
import { startInferenceSpan, type InferenceSpan } from "../span/inference-span.ts";
import { AnswerSink, type AnswerSinkOptions } from "../tap/answer-sink.ts";
import { guarded } from "../tap/guarded.ts";
import { bookCall, unreadEnding } from "./book-call.ts";
import { countedOf, openCall, ratiosOf, type Call, type OutgoingCall, type Toll } from "./call.ts";
import type { AnswerKind } from "./client-kind.ts";
import { followGrowth } from "./follow-growth.ts";
import { judgeAnswer, judgeErrorStatus, judgeFailure } from "./judge-answer.ts";
import { reserve } from "./reserve.ts";
import { contextForProvider } from "./resolve-attribution.ts";
import { classifySendFailure } from "./send-failure.ts";

type MaybePromise<Value> = Value | Promise<Value>;

type Refused = Extract<BudgetDecision, { readonly granted: false }>;

/** Sends the request: as the app asked, or as the metered one that it became. */
interface Send<Answer> {
  asAsked(): Promise<Answer>;
  metered(): Promise<Answer>;
  /** With a limit on its output, tokens per choice; `undefined` when none can be put there. */
  capped(maxOutputTokens: number): (() => Promise<Answer>) | undefined;
}

/**
 * Takes one call through the toll: asks the budget, sends it, watches its answer.
 *
 * @returns the client's own answer, or a refusal in the provider's own error shape.
 * @throws what `send` throws, and the signal's reason when the app aborts a throttled call.
 */
export function passToll<Answer>(
  toll: Toll,
  outgoing: OutgoingCall,
  send: Send<Answer>,
  answers: AnswerKind<Answer>,
): Promise<Answer> {
  // Nothing would leave: the app gets its own abort back.
  if (outgoing.signal?.aborted === true) return send.asAsked();
  const asked = guarded("opening a call", () => openCall(toll, outgoing));
  if (asked === undefined) return send.asAsked();
  const proceed = (decision: BudgetDecision | undefined): Promise<Answer> => {
    if (decision === undefined) return send.asAsked();
    if (!decision.granted) return Promise.resolve(refuse(toll, asked, decision, answers));
    const { maxOutputTokens } = decision.lease;
    if (maxOutputTokens === undefined) {
      return sendAndWatch(toll, leave(toll, asked, decision), send.metered, answers);
    }
    const capped = guarded("capping a request", () => send.capped(maxOutputTokens));
    if (capped === undefined) {
      // The smaller hold is not for this request as it is: it asks anew, as one that cannot be capped.
      const again = (): Promise<Answer> =>
        passToll(toll, { ...outgoing, cap: undefined }, send, answers);
      const released = decision.lease.release();
      return released instanceof Promise ? released.then(again) : again();
    }
    const request = { ...asked.request, maxOutputTokens };
    return sendAndWatch(toll, leave(toll, { ...asked, request }, decision), capped, answers);
  };
  // A budget in this process decides at once, and most calls are spared a wait.
  const decision = ask(toll, asked);
  return decision instanceof Promise ? decision.then(proceed) : proceed(decision);
}

/** @returns `undefined` when the budget itself is broken: the app comes first, the call goes unmetered. */
function ask(toll: Toll, asked: Call): MaybePromise<BudgetDecision | undefined> {
  try {
    const decision = reserve(toll, asked);
    if (!(decision instanceof Promise)) return decision;
    return decision.catch((error: unknown) => {
      if (asked.signal?.aborted === true) throw asked.signal.reason;
      return goUnmetered(error);
    });
  } catch (error) {
    return goUnmetered(error);
  }
}

function goUnmetered(error: unknown): undefined {
  diag.error("tollgate: the budget failed, the call goes unmetered", error);
}

function sendAndWatch<Answer>(
  toll: Toll,
  call: Call,
  send: () => Promise<Answer>,
  answers: AnswerKind<Answer>,
): Promise<Answer> {
  const failed = (error: unknown): never => {
    bookFailure(toll, call, error);
    throw error;
  };
  let sending: Promise<Answer>;
  try {
    sending = sendWithin(call, send);
  } catch (error) {
    return failed(error);
  }
  return sending.then(
    (answer) =>
      guarded("watching an answer", () => watchAnswer(toll, call, answer, answers)) ?? answer,
    failed,
  );
}

/** The call leaves: from here on its time counts, waiting for a throttled budget does not. */
export function leave(
  toll: Toll,
  asked: Call,
  { lease }: Extract<BudgetDecision, { readonly granted: true }>,
): Call {
  countInference(countedOf(asked));
  const startedAtMs = lease.throttledMs > 0 ? toll.clock.monotonic() : asked.startedAtMs;
  return {
    ...asked,
    startedAtMs,
    lease,
    span: guarded("starting a span", () => startSpan(toll, asked)),
  };
}

function startSpan(toll: Toll, call: Call): InferenceSpan | undefined {
  const tracer = toll.tracer();
  if (tracer === undefined) return undefined;
  return startInferenceSpan(tracer, withSpanOfRun(contextForProvider()), {
    ...call,
    callId: call.id,
  });
}

function sendWithin<Answer>(call: Call, send: () => Promise<Answer>): Promise<Answer> {
  const metered = (): Promise<Answer> => withMeteredUrl(call.url, send);
  const sending = call.span?.context ?? contextForProvider();
  return sending === context.active() ? metered() : context.with(sending, metered);
}

function refuse<Answer>(
  toll: Toll,
  asked: Call,
  { refusal }: Refused,
  answers: AnswerKind<Answer>,
): Answer {
  bookRefusal(toll, asked);
  return answers.refuse(refusalResponse(asked.match.api, refusal, toll.clock.now()), asked.url);
}

export function bookRefusal(toll: Toll, asked: Call): void {
  const span = guarded("starting a span", () => startSpan(toll, asked));
  const judgement = {
    outcome: "refused",
    errorType: BUDGET_EXCEEDED_CODE,
    usage: undefined,
    estimated: false,
  } as const;
  bookCall(toll, { ...asked, span }, unreadEnding(judgement, true));
}

function bookFailure(toll: Toll, call: Call, error: unknown): void {
  const failure = classifySendFailure(error, call.signal?.aborted);
  bookCall(
    toll,
    call,
    unreadEnding(judgeFailure(call.request, failure, ratiosOf(toll, call)), failure.unbilled),
  );
}

function watchAnswer<Answer>(
  toll: Toll,
  call: Call,
  answer: Answer,
  answers: AnswerKind<Answer>,
): Answer {
  const status = answers.status(answer);
  if (status < 200 || status > 299) {
    bookCall(toll, call, unreadEnding(judgeErrorStatus(status), true));
    return answer;
  }
  const api = call.content?.watch(call.match.api, call.span) ?? call.match.api;
  const streamed = isStream(api, answers.header(answer, "content-type") ?? "");
  const sink = openSink(toll, call, {
    api,
    source: { provider: call.match.provider, header: (name) => answers.header(answer, name) },
    streamed,
  });
  const stoppable = streamed && letGrow(toll, call, sink, answers.remake !== undefined);
  if ((call.usageHidden || stoppable) && answers.remake) {
    toll.openAnswers.add(sink);
    return answers.remake(answer, sink, { hidesUsage: call.usageHidden });
  }
  if (answers.tap(answer, sink)) toll.openAnswers.add(sink);
  else sink.abandon();
  return answer;
}

function openSink(
  toll: Toll,
  call: Call,
  about: Pick<AnswerSinkOptions, "api" | "source" | "streamed">,
): AnswerSink {
  const sink: AnswerSink = new AnswerSink({
    ...about,
    clock: toll.clock,
    onEnd(seen) {
      toll.openAnswers.delete(sink);
      toll.later.noteAnswer(call, seen.facts);
      bookCall(toll, call, {
        ...judgeAnswer(
          call.request,
          seen.facts,
          seen.ending,
          () => ratiosOf(toll, call),
          call.signal?.aborted,
        ),
        ...seen,
        unbilled: false,
      });
      guarded("learning from a call", () =>
        toll.ratios.learn(call.match.provider, call.request, seen.facts),
      );
    },
  });
  return sink;
}

/** @returns whether the answer has to be one that can be stopped. */
function letGrow(toll: Toll, call: Call, sink: AnswerSink, canStop: boolean): boolean {
  const growth = call.lease?.growth?.();
  if (growth === undefined) return false;
  const stoppable = growth.stops && canStop;
  followGrowth(toll, call, growth, sink, stoppable);
  return stoppable;
}

function isStream(api: WireApi, contentType: string): boolean {
  return api.isStream?.(contentType) ?? contentType.includes("text/event-stream");
}

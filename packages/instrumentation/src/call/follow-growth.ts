import type { Amounts, GrowthAnswer, LeaseGrowth, StreamProgress } from "@tollgate/budget";
import { streamStopped, type ResponseFacts, type TokenUsage } from "@tollgate/core";
import { diag } from "@opentelemetry/api";
import type { AnswerSink } from "../tap/answer-sink.ts";
import { priceUsage, tokensOf } from "./book-call.ts";
import { ratiosOf, type Call, type Toll } from "./call.ts";
import { judgeAnswer } from "./judge-answer.ts";

/** A look takes as long as many chunks: the first waits until there is something to see. */
const FIRST_LOOK_BYTES = 4_096;
/** Looks are at least so far apart, in what was seen. */
const SPACING = 1.1;
/** Of what is held for the output. */
const ASK_AT = 0.8;
/** A chunk or two: what is refused is asked for again just before its hold is used up. */
const LAST_STEP_BYTES = 512;

/**
 * Lets the hold of a stream grow with it, or stops the stream where a budget wants that. Nothing is parsed or
 * priced for a chunk: bytes are compared with the number at which, at the rate so far, most of the hold will
 * be used, and only then is looked at what the stream said.
 *
 * @param canStop - whether the app's answer can be ended.
 */
export function followGrowth(
  toll: Toll,
  call: Call,
  growth: LeaseGrowth,
  sink: AnswerSink,
  canStop: boolean,
): void {
  function look(): void {
    const facts = sink.soFar();
    if (facts === undefined) return;
    const progress = progressOf(toll, call, facts);
    const seen = sink.seenBytes;
    if (usedShare(progress, growth.held()) < ASK_AT) {
      lookAgain(progress, seen);
      return;
    }
    const answer = growth.extend(progress, canStop);
    if (!(answer instanceof Promise)) {
      goOn(answer, progress, seen);
      return;
    }
    answer
      .then((late) => goOn(late, progress, seen))
      .catch((error: unknown) => diag.error("tollgate: extending a hold failed", error));
  }

  function goOn(answer: GrowthAnswer, progress: StreamProgress, seen: number): void {
    if (answer.granted) {
      lookAgain(progress, seen);
      return;
    }
    const share = usedShare(progress, growth.held());
    if (share < 1) {
      sink.setAlarm(Math.max(seen + LAST_STEP_BYTES, seen / share), look);
      return;
    }
    growth.stopped(answer.refusal);
    sink.stop(streamStopped(answer.refusal));
  }

  function lookAgain(progress: StreamProgress, seen: number): void {
    const share = usedShare(progress, growth.held());
    const atBytes = share === 0 ? seen * 2 : (seen * ASK_AT) / share;
    sink.setAlarm(Math.max(seen * SPACING, atBytes), look);
  }

  sink.setAlarm(FIRST_LOOK_BYTES, look);
}

function progressOf(toll: Toll, call: Call, facts: ResponseFacts): StreamProgress {
  const { usage } = judgeAnswer(call.request, facts, { how: "cancelled" }, () =>
    ratiosOf(toll, call),
  );
  const amounts = (of: TokenUsage | undefined): Amounts => ({
    nanoUsd: priceUsage(toll, call, of, facts).totalNanoUsd,
    tokens: tokensOf(of),
  });
  return { used: amounts(usage), input: amounts(usage && inputOf(usage)) };
}

function inputOf(usage: TokenUsage): TokenUsage {
  return {
    ...usage,
    outputTokens: 0,
    reasoningTokens: undefined,
    audioOutputTokens: undefined,
    imageOutputTokens: undefined,
    outputImages: undefined,
  };
}

/** How much of what is held for the output is used, in the unit of which that is the most. */
function usedShare({ input, used }: StreamProgress, held: Partial<Amounts>): number {
  return Math.max(
    shareOf(input.nanoUsd, used.nanoUsd, held.nanoUsd),
    shareOf(input.tokens, used.tokens, held.tokens),
  );
}

/** @returns 0 of a unit that nobody counts or prices. */
function shareOf(
  before: number | undefined,
  now: number | undefined,
  holds: number | undefined,
): number {
  if (before === undefined || now === undefined || holds === undefined) return 0;
  return holds > before ? (now - before) / (holds - before) : Number.POSITIVE_INFINITY;
}

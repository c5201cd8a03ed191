import type { CallOutcome, ResponseFacts } from "@tollgate/core";
import { answerChars, type RealtimeSession } from "@tollgate/wire";
import { bookCall, unreadEnding } from "../call/book-call.ts";
import { ratiosOf, type Call, type Toll } from "../call/call.ts";
import { judgeAnswer } from "../call/judge-answer.ts";
import type { AnswerEnding } from "../tap/answer-sink.ts";
import { guarded } from "../tap/guarded.ts";
import { endOnceKnown, type MaybePromise } from "./realtime-call.ts";

type News = NonNullable<ReturnType<RealtimeSession["received"]>>;
type NewsOf<Kind extends News["kind"]> = Extract<News, { readonly kind: Kind }>;

/** The responses of one socket from the question to the booked event. */
export interface OpenResponses {
  /** The app has asked for one. */
  ask(eventId: string | undefined, call: Call): void;
  begun(news: NewsOf<"begun">): void;
  piece(news: NewsOf<"piece">): void;
  ended(news: NewsOf<"ended">): void;
  rejected(news: NewsOf<"rejected">): void;
  /** The socket is gone: nothing more will be heard of any. */
  abandon(ending: AnswerEnding): void;
}

/** A response under way. */
interface Answering {
  readonly call: MaybePromise<Call>;
  textChars: number;
  audioTokens: number;
  chunks: number;
  firstChunkAtMs: number | undefined;
}

export interface OpenResponsesOptions {
  readonly toll: Toll;
  readonly session: RealtimeSession;
  /** Opens the call of a response that the server began by itself. */
  readonly beginByServer: () => MaybePromise<Call>;
}

export function createOpenResponses(options: OpenResponsesOptions): OpenResponses {
  const { toll, session, beginByServer } = options;
  /** Asked for and not yet begun: the server begins them in this order. */
  const asked: { readonly eventId: string | undefined; readonly call: Call }[] = [];
  const open = new Map<string, Answering>();

  function book(
    answering: Answering,
    facts: ResponseFacts,
    ending: AnswerEnding,
    outcome?: CallOutcome,
  ): void {
    const { firstChunkAtMs, chunks } = answering;
    const seen = { ...facts, outputChars: answerChars(answering) };
    endOnceKnown(answering.call, (call) => {
      const judged = judgeAnswer(call.request, seen, ending, () => ratiosOf(toll, call));
      const judgement = outcome === undefined ? judged : { ...judged, outcome };
      bookCall(toll, call, { ...judgement, facts: seen, unbilled: false, firstChunkAtMs, chunks });
      guarded("learning from a call", () =>
        toll.ratios.learn(call.match.provider, call.request, seen),
      );
    });
  }

  return {
    ask: (eventId, call) => void asked.push({ eventId, call }),
    begun({ responseId }) {
      if (!open.has(responseId)) {
        open.set(responseId, answeringOf(asked.shift()?.call ?? beginByServer()));
      }
    },
    piece({ responseId, piece }) {
      const answering = open.get(responseId);
      if (answering === undefined) return;
      answering.firstChunkAtMs ??= toll.clock.monotonic();
      answering.chunks += 1;
      answering.textChars += piece.textChars;
      answering.audioTokens += piece.audioTokens;
    },
    ended({ responseId = "", facts, cancelled }) {
      // One that began before this socket joined its session ends here, too.
      const answering = open.get(responseId) ?? answeringOf(beginByServer());
      open.delete(responseId);
      book(answering, facts, { how: "done" }, cancelled ? "cancelled" : undefined);
    },
    rejected({ eventId, errorType }) {
      // An error that names no event can only be told by its time: the oldest question is meant.
      const index = asked.findIndex((one) => one.eventId === eventId);
      const [refused] = index < 0 ? [] : asked.splice(index, 1);
      if (refused === undefined) return;
      const judgement = {
        outcome: "error",
        errorType,
        usage: undefined,
        estimated: false,
      } as const;
      bookCall(toll, refused.call, unreadEnding(judgement, true));
    },
    abandon(ending) {
      for (const { call } of asked.splice(0)) {
        const answering = answeringOf(call);
        book(answering, session.unfinished(undefined, answering), ending);
      }
      for (const [responseId, answering] of open) {
        book(answering, session.unfinished(responseId, answering), ending);
      }
      open.clear();
    },
  };
}

function answeringOf(call: MaybePromise<Call>): Answering {
  return { call, textChars: 0, audioTokens: 0, chunks: 0, firstChunkAtMs: undefined };
}

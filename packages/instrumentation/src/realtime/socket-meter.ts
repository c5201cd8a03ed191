import type { BudgetRefusal } from "@tollgate/core";
import {
  createRealtimeSession,
  openAiRealtimeTranscription,
  type MatchedRealtime,
} from "@tollgate/wire";
import { bookCall } from "../call/book-call.ts";
import { ratiosOf, type Call, type Toll } from "../call/call.ts";
import { judgeAnswer } from "../call/judge-answer.ts";
import type { AnswerEnding } from "../tap/answer-sink.ts";
import { guarded } from "../tap/guarded.ts";
import { rememberPlace } from "./call-context.ts";
import { createOpenResponses } from "./open-responses.ts";
import { beginUnasked, openRealtimeCall, endOnceKnown } from "./realtime-call.ts";
import { createSendLine, type OutgoingMessage } from "./send-line.ts";

/** What the meter may do with the app's socket. */
export interface SocketPort {
  isOpen(): boolean;
  /** Gives the app a message as if the server had sent it. */
  deliver(json: string): void;
}

/** Hears all that happens on one socket, before the app does. Never throws. */
export interface SocketMeter {
  /** @returns true when the message is taken over: it is sent later, or never. */
  sending(message: OutgoingMessage): boolean;
  received(json: string): void;
  /** The app closes the socket. */
  closing(): void;
  /** The socket is closed. @param code - of the close frame, 1006 without one. */
  closed(code: number): void;
}

export interface SocketMeterOptions {
  readonly toll: Toll;
  readonly followMeter: () => void;
  readonly matched: MatchedRealtime;
  readonly port: SocketPort;
}

/** Items whose transcription never comes are forgotten, the oldest first. */
const MAX_HEARD = 100;

export function createSocketMeter(options: SocketMeterOptions): SocketMeter {
  const { toll, followMeter, port } = options;
  const { match, model } = options.matched;
  const place = rememberPlace();
  const source = { provider: match.provider, header: () => undefined };
  const session = createRealtimeSession(model, source);
  const responses = createOpenResponses({
    toll,
    session,
    beginByServer: () =>
      place.byServer(() =>
        beginUnasked(toll, openRealtimeCall(toll, match, session.responseRequest())),
      ),
  });
  const line = createSendLine({
    toll,
    session,
    within: place.bySender,
    isOpen: port.isOpen,
    openCall(ask, signal) {
      followMeter();
      return openRealtimeCall(toll, match, session.responseRequest(ask), signal);
    },
    onAsked: responses.ask,
    onRefused: (eventId, call, refusal) => refuse(port, eventId, call, refusal),
  });
  /** When the transcription of an item began, on the clock's monotonic scale. */
  const heard = new Map<string, number>();
  let closedByApp = false;

  function noteHeard(itemId: string): void {
    if (session.transcriptionRequest().model === undefined) return;
    for (const oldest of heard.keys()) {
      if (heard.size < MAX_HEARD) break;
      heard.delete(oldest);
    }
    heard.set(itemId, toll.clock.monotonic());
  }

  function bookTranscription(itemId: string, facts: Parameters<typeof judgeAnswer>[1]): void {
    const asked = openRealtimeCall(
      toll,
      { ...match, api: openAiRealtimeTranscription },
      session.transcriptionRequest(),
    );
    const startedAtMs = heard.get(itemId) ?? asked.startedAtMs;
    heard.delete(itemId);
    const timeMs = asked.timeMs - Math.round(asked.startedAtMs - startedAtMs);
    endOnceKnown(beginUnasked(toll, { ...asked, startedAtMs, timeMs }), (call) => {
      const judgement = judgeAnswer(call.request, facts, { how: "done" }, () =>
        ratiosOf(toll, call),
      );
      const unseen = { firstChunkAtMs: undefined, chunks: undefined };
      bookCall(toll, call, { ...judgement, ...unseen, facts, unbilled: false });
    });
  }

  function note(json: string): void {
    const news = session.received(json);
    switch (news?.kind) {
      case undefined:
        return;
      case "piece":
        responses.piece(news);
        return;
      case "begun":
        followMeter();
        responses.begun(news);
        return;
      case "ended":
        followMeter();
        responses.ended(news);
        return;
      case "rejected":
        responses.rejected(news);
        return;
      case "heard":
        noteHeard(news.itemId);
        return;
      case "transcribed":
        followMeter();
        place.byServer(() => bookTranscription(news.itemId, news.facts));
    }
  }

  return {
    sending: (message) => guarded("looking at a message", () => line.take(message)) ?? false,
    received(json) {
      guarded("reading an event", () => note(json));
    },
    closing() {
      closedByApp = true;
      guarded("closing a socket", () => line.leave());
    },
    closed(code) {
      guarded("the end of a socket", () => {
        line.leave();
        responses.abandon(endingOf(closedByApp, code));
      });
    },
  };
}

function endingOf(byApp: boolean, code: number): AnswerEnding {
  return byApp
    ? { how: "cancelled" }
    : { how: "failed", error: { code: `websocket_closed_${code}` } };
}

/** Answers as the server does when it will not do what an event asks for; a real one comes in a later task. */
function refuse(
  port: SocketPort,
  eventId: string | undefined,
  { id, match }: Call,
  refusal: BudgetRefusal,
): void {
  const body: { readonly error?: object } = match.api.refusalBody(refusal);
  const error = { ...body.error, event_id: eventId ?? null };
  const json = JSON.stringify({ ...body, event_id: `event_${id}`, error });
  setTimeout(() => {
    if (port.isOpen()) port.deliver(json);
  }, 0);
}

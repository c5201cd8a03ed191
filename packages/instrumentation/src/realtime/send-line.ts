import type { BudgetDecision } from "@tollgate/budget";
import type { BudgetRefusal } from "@tollgate/core";
import type { RealtimeSession, ResponseAsk } from "@tollgate/wire";
import type { Call, Toll } from "../call/call.ts";
import { bookRefusal, leave } from "../call/pass-toll.ts";
import { guarded, reportFailure } from "../tap/guarded.ts";
import type { Within } from "./call-context.ts";
import { askBudget } from "./realtime-call.ts";

/** A message that the app sends. */
export interface OutgoingMessage {
  /** `undefined` when it is not text. */
  readonly text: string | undefined;
  /** Sends it as the app meant. */
  send(): void;
  /** Tells the app that it is done, though it will never be sent. */
  drop(): void;
}

/**
 * Lets an app's messages go in their order. One that asks for a response asks the budget first; while
 * a budget makes it wait, those behind it wait, too: they might change what the response is made of.
 */
export interface SendLine {
  /** @returns false when the message may go at once, by the caller. */
  take(message: OutgoingMessage): boolean;
  /** The app leaves: what asked for a response is dropped, the rest goes now. */
  leave(): void;
}

export interface SendLineOptions {
  readonly toll: Toll;
  readonly session: RealtimeSession;
  readonly within: Within;
  readonly isOpen: () => boolean;
  readonly openCall: (ask: ResponseAsk, signal: AbortSignal) => Call;
  readonly onAsked: (eventId: string | undefined, call: Call) => void;
  readonly onRefused: (eventId: string | undefined, call: Call, refusal: BudgetRefusal) => void;
}

export function createSendLine(options: SendLineOptions): SendLine {
  const { toll, session, within, isOpen, openCall, onAsked, onRefused } = options;
  const line: OutgoingMessage[] = [];
  let waiting: AbortController | undefined;

  function take(message: OutgoingMessage): boolean {
    if (waiting !== undefined) {
      line.push(message);
      return true;
    }
    const { text } = message;
    const ask = text === undefined ? undefined : session.sent(text);
    return ask === undefined ? false : within(() => askFor(ask, message));
  }

  function askFor(ask: ResponseAsk, message: OutgoingMessage): boolean {
    const patience = new AbortController();
    const asked = openCall(ask, patience.signal);
    const decision = askBudget(toll, asked, false);
    if (!(decision instanceof Promise)) return decide(ask, asked, decision, message);
    waiting = patience;
    sendLater(ask, asked, decision, message).catch((error: unknown) =>
      reportFailure("sending a message that waited", error),
    );
    return true;
  }

  async function sendLater(
    ask: ResponseAsk,
    asked: Call,
    decision: Promise<BudgetDecision | undefined>,
    message: OutgoingMessage,
  ): Promise<void> {
    const mine = waiting;
    const late = await decision;
    if (mine?.signal.aborted === true || !isOpen()) {
      if (late?.granted === true) void late.lease.release();
      message.drop();
    } else if (!decide(ask, asked, late, message)) {
      sendNow(message);
    }
    if (waiting === mine) waiting = undefined;
    drain();
  }

  /** @returns whether the message is done with; else it may go. */
  function decide(
    { eventId }: ResponseAsk,
    asked: Call,
    decision: BudgetDecision | undefined,
    message: OutgoingMessage,
  ): boolean {
    if (decision?.granted === false) {
      bookRefusal(toll, asked);
      message.drop();
      onRefused(eventId, asked, decision.refusal);
      return true;
    }
    if (decision !== undefined) onAsked(eventId, leave(toll, asked, decision));
    return false;
  }

  function next(): OutgoingMessage | undefined {
    return waiting === undefined ? line.shift() : undefined;
  }

  /** What waited goes, until another message has to wait. */
  function drain(): void {
    for (let message = next(); message !== undefined; message = next()) {
      if (!take(message)) sendNow(message);
    }
  }

  return {
    take,
    leave() {
      waiting?.abort(new DOMException("the socket was closed", "AbortError"));
      waiting = undefined;
      for (const message of line.splice(0)) {
        const asks = message.text !== undefined && session.sent(message.text) !== undefined;
        if (asks) message.drop();
        else sendNow(message);
      }
    },
  };
}

function sendNow(message: OutgoingMessage): void {
  guarded("sending a message that waited", () => message.send());
}

import type { ResponseFacts } from "@tollgate/core";
import { noteProblem, type AnswerDraft } from "../answer/draft.ts";
import type { StreamReader } from "../api.ts";
import { parseObject, type JsonObject } from "../json/read.ts";
import type { EventTemplate } from "../sse/event-template.ts";
import { createLineBuffer } from "./line-buffer.ts";

/** How a stream is divided into events. */
export interface Framing {
  /** Where the event at `start` ends, what divides it from others included; -1 when it is not whole yet. */
  findEnd(text: string, start: number): number;
  /** @returns `undefined` when the text is nothing that belongs into such a stream. */
  readFrame(text: string): Frame | undefined;
  /** What to say of an answer that has nothing of such a stream. */
  readonly notOne: string;
}

/** One event as it is framed. */
export interface Frame {
  readonly name: string | undefined;
  /** `undefined` when the event carries none. */
  readonly data: string | undefined;
}

/** What one API's events mean. */
export interface EventCodec<State extends EventState> {
  /** Plain data: a reader copies it to look at an unfinished event. */
  createState(): State;
  /** Takes one event. Whatever it says besides text goes through the draft's `note` functions. */
  readEvent(state: State, event: JsonObject, name: string | undefined): void;
  facts(state: State): ResponseFacts;
  /** Names of events that say nothing that others do not say better: they are not parsed. */
  readonly skippedEvents: ReadonlySet<string>;
  compileTemplate(event: string): EventTemplate;
}

export interface EventState {
  readonly draft: AnswerDraft;
}

/** Decoding and parsing go in blocks of about this size: all that a stream under way keeps, however long it is. */
const BLOCK_BYTES = 4_096;
/** A single line beyond this is dropped: no event that matters is that long, and memory is the app's. */
const MAX_LINE_BYTES = 33_554_432;
/** Streams have a few shapes (text, reasoning, arguments); one with more is better parsed. */
const MAX_TEMPLATES = 6;

/**
 * A reader of a stream of events in any framing.
 *
 * What it reads depends on the bytes alone, never on how they were cut into chunks.
 */
export function createFramedReader<State extends EventState>(
  codec: EventCodec<State>,
  framing: Framing,
): StreamReader {
  const lines = createLineBuffer();
  const state = codec.createState();
  const templates: EventTemplate[] = [];
  /** Whole lines of an event whose end has not come yet. */
  let unfinished = "";
  let hasBytes = false;
  let hasEvents = false;

  const skipKnown = (text: string, at: number): number => {
    for (const template of templates) {
      const end = template.match(text, at);
      if (end >= 0) {
        state.draft.outputChars += template.matchedChars();
        return end;
      }
    }
    return -1;
  };

  const learn = (text: string, charsRead: number): void => {
    const template = codec.compileTemplate(text);
    // Only a template that counts the very event it comes from the same way is right about the next.
    if (template.match(text, 0) !== text.length || template.matchedChars() !== charsRead) return;
    templates.push(template);
  };

  const readEventText = (text: string): void => {
    const { draft } = state;
    const revision = draft.revision;
    const chars = draft.outputChars;
    hasEvents =
      takeEvent(codec, state, framing.readFrame(text), "an event is not a JSON object") ||
      hasEvents;
    const charsRead = draft.outputChars - chars;
    if (charsRead > 0 && draft.revision === revision && templates.length < MAX_TEMPLATES)
      learn(text, charsRead);
  };

  const drain = (): void => {
    const text = unfinished + lines.takeLines();
    let at = 0;
    while (at < text.length) {
      let end = skipKnown(text, at);
      if (end < 0) {
        end = framing.findEnd(text, at);
        if (end < 0) break;
        readEventText(text.slice(at, end));
      }
      at = end;
    }
    unfinished = at < text.length ? text.slice(at) : "";
    if (lines.size() + unfinished.length > MAX_LINE_BYTES) {
      lines.clear();
      unfinished = "";
      noteProblem(state.draft, "an event is too long to be read");
    }
  };

  return {
    write: (chunk) => {
      if (chunk.length > 0) hasBytes = true;
      lines.append(chunk);
      // An event that is longer is looked at again only when it has doubled.
      if (lines.size() >= Math.max(BLOCK_BYTES, unfinished.length)) drain();
    },
    end: () => {
      drain();
      const rest = unfinished + lines.peekRest();
      if (rest === "" && (hasEvents || !hasBytes)) return codec.facts(state);
      const copy = structuredClone(state);
      const restHasEvents = takeRest(codec, copy, framing, rest);
      if (!hasEvents && !restHasEvents) noteProblem(copy.draft, framing.notOne);
      return codec.facts(copy);
    },
  };
}

/** Whole events on a line that has no end yet, and the beginning of one. */
function takeRest<State extends EventState>(
  codec: EventCodec<State>,
  state: State,
  framing: Framing,
  rest: string,
): boolean {
  let hasEvents = false;
  let at = 0;
  for (let end = framing.findEnd(rest, at); end >= 0; end = framing.findEnd(rest, at)) {
    const frame = framing.readFrame(rest.slice(at, end));
    hasEvents = takeEvent(codec, state, frame, "an event is not a JSON object") || hasEvents;
    at = end;
  }
  const frame = framing.readFrame(rest.slice(at));
  return takeEvent(codec, state, frame, "the stream ends inside an event") || hasEvents;
}

/** @returns whether there was an event, of whatever worth. */
function takeEvent<State extends EventState>(
  codec: EventCodec<State>,
  state: State,
  event: Frame | undefined,
  problem: string,
): boolean {
  if (event === undefined) return false;
  const data = event.data?.trim() ?? "";
  if (data === "" || (event.name !== undefined && codec.skippedEvents.has(event.name))) return true;
  if (data === "[DONE]") {
    state.draft.doneSeen = true;
    state.draft.revision++;
    return true;
  }
  const value = parseObject(data);
  if (value === undefined) noteProblem(state.draft, problem);
  else codec.readEvent(state, value, event.name);
  return true;
}

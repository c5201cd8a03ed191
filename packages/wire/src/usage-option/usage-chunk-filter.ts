import { isJsonObject, parseObject } from "../json/read.ts";
import { createBoundaryFinder } from "../sse/event-boundary.ts";
import { parseEvent } from "../sse/event.ts";

/** Takes the chunk that only says the usage out of a stream whose app did not ask for it. */
export interface UsageChunkFilter {
  /**
   * Takes the next bytes and gives back what of them, and of those held before, is the app's: whole
   * events at once, the beginning of one when its rest has come. Maybe nothing, maybe `chunk` itself.
   */
  push(chunk: Uint8Array): Uint8Array;
  /** What is left when the stream has ended. */
  end(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
/** A longer event is none that only says the usage; it passes as it comes. */
const MAX_HELD_BYTES = 65_536;

/**
 * All bytes but those of the usage chunk come out as they went in, in the same order, however the
 * stream is cut.
 */
export function createUsageChunkFilter(): UsageChunkFilter {
  const placeOf = createBoundaryFinder();
  /** The beginning of an event whose end has not come. */
  let held = NOTHING;
  /** The event has grown too long to be held: its rest passes too. */
  let passing = false;
  /** Whether the last whole event was taken out. */
  let taken = false;

  const take = (chunk: Uint8Array): Uint8Array => {
    const bytes = held.length === 0 ? chunk : concat([held, chunk]);
    const kept: Uint8Array[] = [];
    let keptFrom = 0;
    let eventStart = 0;
    for (let at = held.length; at < bytes.length; at++) {
      const place = placeOf(bytes[at]);
      // A line end's rest inside an event is like any other byte of it.
      if (place === "inside" || (place === "rest" && at > eventStart)) continue;
      if (place === "end") {
        taken = !passing && saysOnlyUsage(bytes.subarray(eventStart, at + 1));
        passing = false;
      }
      if (taken) {
        kept.push(bytes.subarray(keptFrom, eventStart));
        keptFrom = at + 1;
      }
      eventStart = at + 1;
    }
    if (bytes.length - eventStart > MAX_HELD_BYTES) passing = true;
    if (passing) {
      taken = false;
      eventStart = bytes.length;
    }
    held = bytes.slice(eventStart);
    kept.push(bytes.subarray(keptFrom, eventStart));
    return concat(kept);
  };

  return {
    push: (chunk) => {
      const atStart = held.length === 0 && !passing && !taken;
      return atStart && isWholeAndOrdinary(chunk) ? chunk : take(chunk);
    },
    end: () => {
      const rest = saysOnlyUsage(held) ? NOTHING : held;
      held = NOTHING;
      return rest;
    },
  };
}

const LF = 0x0a;
const CR = 0x0d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LAST_WHITE_SPACE = 0x20;

/**
 * Whether a chunk, at the beginning of an event, is whole events without an empty list, as nearly every one
 * is: then it says no usage only, and ends where an event begins again.
 */
function isWholeAndOrdinary(chunk: Uint8Array): boolean {
  if (chunk.at(-1) !== LF || chunk.at(-2) !== LF || chunk.includes(CR)) return false;
  for (let at = chunk.indexOf(OPEN_BRACKET); at >= 0; at = chunk.indexOf(OPEN_BRACKET, at + 1)) {
    let next = at + 1;
    while ((chunk[next] ?? CLOSE_BRACKET) <= LAST_WHITE_SPACE) next++;
    if ((chunk[next] ?? CLOSE_BRACKET) === CLOSE_BRACKET) return false;
  }
  return true;
}

const decoder = new TextDecoder();

function saysOnlyUsage(event: Uint8Array): boolean {
  const text = decoder.decode(event);
  if (!/"choices"\s*:\s*\[\s*\]/.test(text)) return false;
  const value = parseObject(parseEvent(text.replace(/\r\n?/g, "\n"))?.data ?? "");
  const choices = value?.["choices"];
  return Array.isArray(choices) && choices.length === 0 && isJsonObject(value?.["usage"]);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter((piece) => piece.length > 0);
  const [first, ...others] = filled;
  if (first === undefined || others.length === 0) return first ?? NOTHING;
  const whole = new Uint8Array(filled.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of filled) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "@tollgate/core";
import type { Framing, SseEvent } from "./api-codec.ts";
import type { Exchange } from "./exchange.ts";
import type { ReplyScript } from "./script.ts";

/** The way back to the client of one request. */
export interface Outlet {
  readonly response: Exchange["response"];
  /** Sends status and headers before there is a body. */
  readonly sendHead: () => void;
  readonly clock: Clock;
  /** Aborts when the connection is gone. */
  readonly gone: AbortSignal;
  /** Destroys the connection, as the provider's own doing. */
  readonly drop: () => void;
  /** Called with the size of each write. */
  readonly onWrite: (sizeBytes: number) => void;
}

type Trouble = "fail" | "hang" | "close";

/** Sends a body at once, or by pieces when the script wants them or trouble. */
export async function sendBody(
  outlet: Outlet,
  body: Uint8Array,
  script: ReplyScript,
): Promise<void> {
  const { response } = outlet;
  const troubled = script.hangAfterChunks !== undefined || script.closeAfterChunks !== undefined;
  const cut = troubled || script.malformed === "truncated" || script.malformed === "broken-event";
  const sent = cut ? body.subarray(0, Math.floor(body.length / 2)) : body;
  // Without a length each write is an HTTP chunk of its own, so that clients see the pieces apart.
  if (!troubled && script.split === undefined) response.setHeader("content-length", sent.length);
  for (const piece of createSplitter(script.split).all(sent)) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    await write(outlet, piece);
    // oxlint-disable-next-line no-await-in-loop -- clients join what they have not read yet
    if (script.split !== undefined) await nextTurn();
  }
  if (troubled) await makeTrouble(outlet, script.hangAfterChunks === undefined ? "close" : "hang");
  else response.end();
}

/**
 * Sends events until they end or the script's trouble comes.
 *
 * @param failure - the events to send instead when the script fails after `sent` events.
 */
export async function sendEvents(
  outlet: Outlet,
  events: readonly SseEvent[],
  { format }: Framing,
  script: ReplyScript,
  failure: (sent: number) => readonly SseEvent[],
): Promise<void> {
  const splitter = createSplitter(script.split);
  const send = async (bytes: Uint8Array, isLast: boolean): Promise<void> => {
    for (const piece of isLast ? splitter.all(bytes) : splitter.next(bytes)) {
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await write(outlet, piece);
      // oxlint-disable-next-line no-await-in-loop -- clients join what they have not read yet
      if (script.split !== undefined) await nextTurn();
    }
  };
  const messages = malform(events, script).map((event) => Buffer.from(format(event)));
  let chunks = 0;
  for (const [index, message] of messages.entries()) {
    const chunk = events[index]?.chunk === true;
    const trouble = chunk || chunks > 0 ? troubleAfter(chunks, script) : undefined;
    /* oxlint-disable no-await-in-loop -- a stream goes in order */
    if (trouble) {
      const rest = trouble === "fail" ? failure(index) : [];
      await send(Buffer.concat(rest.map((event) => Buffer.from(format(event)))), true);
      await makeTrouble(outlet, trouble);
      return;
    }
    if (chunk) {
      chunks++;
      if (script.chunkDelayMs) await outlet.clock.sleep(script.chunkDelayMs, outlet.gone);
    }
    await send(message, index === messages.length - 1);
    /* oxlint-enable no-await-in-loop */
  }
  outlet.response.end();
}

function troubleAfter(chunks: number, script: ReplyScript): Trouble | undefined {
  if (chunks === script.failAfterChunks) return "fail";
  if (chunks === script.hangAfterChunks) return "hang";
  return chunks === script.closeAfterChunks ? "close" : undefined;
}

async function makeTrouble({ response, gone, drop }: Outlet, trouble: Trouble): Promise<void> {
  if (trouble === "fail") response.end();
  else if (trouble === "close") drop();
  else if (!gone.aborted) {
    await new Promise<void>((resolve) => {
      gone.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}

function malform(events: readonly SseEvent[], script: ReplyScript): readonly SseEvent[] {
  const middle = Math.floor(events.length / 2);
  switch (script.malformed) {
    case "truncated":
      return events.slice(0, middle);
    case "no-terminal-event":
      return events.slice(0, events.findLastIndex((event) => event.chunk) + 1);
    case "broken-event":
      return events.map((event, index) =>
        index === middle ? { ...event, data: event.data.slice(0, -5) } : event,
      );
    default:
      return events;
  }
}

function write({ response, onWrite, gone }: Outlet, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    gone.throwIfAborted();
    response.write(piece, (error) => {
      if (error) {
        reject(error);
        return;
      }
      onWrite(piece.length);
      resolve();
    });
  });
}

const ODD_SIZES_BYTES = [1, 3, 5, 7, 9, 11] as const;

/** Recuts a sequence of byte arrays; what does not fill a piece waits for the next. */
function createSplitter(split: ReplyScript["split"]): {
  next(bytes: Uint8Array): Uint8Array[];
  all(bytes: Uint8Array): Uint8Array[];
} {
  let waiting = Buffer.alloc(0);
  let count = 0;
  const sizeBytes = (): number =>
    split === "odd" ? (ODD_SIZES_BYTES[count % ODD_SIZES_BYTES.length] ?? 1) : (split ?? 0);
  function next(bytes: Uint8Array): Uint8Array[] {
    if (split === undefined) return bytes.length > 0 ? [bytes] : [];
    waiting = Buffer.concat([waiting, bytes]);
    const pieces: Uint8Array[] = [];
    while (waiting.length >= sizeBytes()) {
      pieces.push(waiting.subarray(0, sizeBytes()));
      waiting = waiting.subarray(sizeBytes());
      count++;
    }
    return pieces;
  }
  return {
    next,
    all(bytes) {
      const pieces = next(bytes);
      if (waiting.length > 0) pieces.push(waiting);
      waiting = Buffer.alloc(0);
      return pieces;
    },
  };
}

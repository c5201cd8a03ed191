import type { ResponseFacts } from "@tollgate/core";
import type { StreamReader } from "../api.ts";
import { parseObject, readLabel } from "../json/read.ts";
import { createFrameBuffer } from "./frame-buffer.ts";
import type { Frame, FrameHeaders } from "./frame.ts";

/** What one API's messages mean. */
export interface FrameCodec {
  /** Takes an event of the given type. */
  readEvent(type: string, payload: Uint8Array): void;
  /** The server broke the stream off. */
  readError(errorType: string): void;
  facts(): ResponseFacts;
}

/** AWS's framing of streamed answers. */
export const EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream";

/** Messages are read in blocks of about this size. */
const BLOCK_BYTES = 65_536;

/**
 * A reader of an AWS event stream. What it reads depends on the bytes alone, never on how they were
 * cut into chunks.
 */
export function createFrameStreamReader(codec: FrameCodec): StreamReader {
  const buffer = createFrameBuffer();
  const readFrame = ({ headers, payload }: Frame): void => {
    const failure = failureOf(headers, payload);
    if (failure !== undefined) codec.readError(failure);
    else codec.readEvent(headers.get(":event-type") ?? "", payload);
  };
  return {
    write(chunk) {
      buffer.append(chunk);
      if (buffer.size() >= BLOCK_BYTES) buffer.takeFrames(readFrame);
    },
    end() {
      buffer.takeFrames(readFrame);
      const facts = codec.facts();
      const problem = problemOf(buffer.broken(), buffer.size());
      return problem === undefined ? facts : { ...facts, problems: [...facts.problems, problem] };
    },
  };
}

function problemOf(broken: boolean, bytesLeft: number): string | undefined {
  if (broken) return "the answer is not an AWS event stream";
  return bytesLeft > 0 ? "the stream ends inside an event" : undefined;
}

/** Modelled failures are exceptions with a type of their own; others have a code. */
function failureOf(headers: FrameHeaders, payload: Uint8Array): string | undefined {
  switch (headers.get(":message-type")) {
    case "exception":
      return headers.get(":exception-type") ?? errorTypeIn(payload) ?? "exception";
    case "error":
      return headers.get(":error-code") ?? "error";
    default:
      return undefined;
  }
}

function errorTypeIn(payload: Uint8Array): string | undefined {
  return readLabel(parseObject(new TextDecoder().decode(payload)), "__type");
}

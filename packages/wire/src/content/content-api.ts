import type { AnswerSource } from "../api.ts";
import type { JsonObject } from "../json/read.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentMessage, RequestContent } from "./message.ts";

/**
 * How to read prompts and answers of one API. Pure, and asked only where somebody wants to record them; all
 * else works without.
 */
export interface ContentApi {
  readRequest(body: JsonObject): RequestContent;
  /** Reads a whole answer that was parsed from JSON. */
  readAnswer(answer: JsonObject): readonly ContentMessage[];
  /** How a streamed answer is framed. */
  readonly framing: "events" | "json" | "aws";
  /** Takes one event of a stream. @param type - as the framing says it. */
  readEvent(content: AnswerContent, event: JsonObject, type: string | undefined): void;
}

/** Puts a streamed answer together. */
export interface ContentStream {
  write(chunk: Uint8Array): void;
  end(): readonly ContentMessage[];
}

export interface ContentStreamOptions {
  /** UTF-16 code units that are kept of the answer. */
  readonly limitChars: number;
  readonly source?: AnswerSource | undefined;
}

import type { RefusalResponse } from "@tollgate/wire";
import type { AnswerSink } from "../tap/answer-sink.ts";
import type { BodySink } from "../tap/body-sink.ts";

/**
 * What one kind of HTTP client calls its requests and answers, so that one pipeline meters all of them.
 * Stateless: one object serves every call.
 */
export interface ClientKind<Input, Init, Answer> {
  readonly requests: RequestKind<Input, Init>;
  readonly answers: AnswerKind<Answer>;
}

/** How to look at a request without touching it. */
export interface RequestKind<Input, Init> {
  method(input: Input, init: Init): string;
  /** Absolute. */
  url(input: Input, init: Init): string;
  /**
   * The text of the body, if it can be had without consuming it; asked only once the URL is known to
   * be ours.
   */
  body(input: Input, init: Init): string | undefined | Promise<string | undefined>;
  /** The same request with another body; `undefined` when this one's cannot be replaced, as a signed one. */
  withBody?(input: Input, init: Init, body: string): Init | undefined;
  /**
   * The same request without those entries of its `baggage` header whose keys begin with a prefix;
   * `undefined` when it has none. Asked only where there may be some.
   */
  withoutBaggage?(input: Input, init: Init, prefix: string): Init | undefined;
  /** How often the client had tried before, where it says so. */
  resendCount(input: Input, init: Init): number | undefined;
  signal(input: Input, init: Init): AbortSignal | undefined;
}

/** What the app gets otherwise than it comes; whatever is remade can be stopped too. */
export interface AnswerChanges {
  /** Without the chunk of a stream that says the usage. */
  readonly hidesUsage: boolean;
}

/** How to look at an answer, and how to make one. */
export interface AnswerKind<Answer> {
  status(answer: Answer): number;
  /** @param name - in lower case. */
  header(answer: Answer, name: string): string | undefined;
  /**
   * Lets a sink see what the app reads.
   *
   * @returns false when that is not possible; the answer is untouched then.
   */
  tap(answer: Answer, sink: BodySink): boolean;
  /** An answer of ours in place of the given one; there if `withBody` is. */
  remake?(answer: Answer, sink: AnswerSink, changes: AnswerChanges): Answer;
  /** A refusal as an answer of the client's own kind. */
  refuse(refusal: RefusalResponse, url: string): Answer;
}

import type { ApiDescription } from "./api-description.ts";
import type { OutputCap } from "./output-cap/output-cap.ts";
import type { BudgetRefusal, GenAiOperation, RequestFacts, ResponseFacts } from "@tollgate/core";

/**
 * One provider HTTP API as pure functions: what a request asks for, what an answer used, how it says
 * no. No I/O, no clock, no state outside a reader; nothing here throws on foreign data.
 */
export interface WireApi {
  /** Stable name, such as `openai.chat`. */
  readonly id: string;
  /** What it reads, for people. */
  readonly about: ApiDescription;
  readonly operation: GenAiOperation;
  /** `gen_ai.provider.name` where the host does not say who serves it. */
  readonly provider: string;
  /**
   * True where the path is so common that other services have it too (`/api/chat`, `/rerank`): on public
   * hosts that nobody has named it means nothing then.
   */
  readonly hasCommonPath?: boolean;
  /**
   * How a URL's path ends when it is this API's; other vendors prefix and version paths freely. Each
   * begins with a slash, or with the colon before one of Google's methods.
   */
  readonly pathEnds: readonly string[];
  /**
   * What else a path needs that ends so.
   *
   * @defaultValue nothing
   */
  acceptsPath?(path: string): boolean;
  /**
   * Reads a request by a scan of its top-level keys: prompts can be megabytes, so the body is not
   * parsed.
   *
   * @param body - JSON text; `undefined` when it cannot be read without consuming it.
   * @param path - the URL's path, where some APIs name the model.
   * @returns `undefined` when the body is not a request of this API, so that an app's own
   *   `POST /responses` is left alone.
   */
  readRequest(body: string | undefined, path?: string): RequestFacts | undefined;
  /** Where its requests limit their output. @defaultValue they cannot */
  readonly outputCap?: OutputCap;
  /** Reads a whole answer that was parsed from JSON; errors and nonsense are read as such. */
  readJson(value: unknown, answer?: AnswerSource): ResponseFacts;
  /**
   * Whether an answer of this content type is a stream, to be read by {@link createStreamReader}.
   *
   * @defaultValue `text/event-stream` is one
   */
  isStream?(contentType: string): boolean;
  /** Reads a streamed answer. */
  createStreamReader(answer?: AnswerSource): StreamReader;
  /** The body of an error answer in the provider's own shape. */
  refusalBody(refusal: BudgetRefusal): object;
}

/** Who answers, for what vendors of one API do differently, and what stands outside of the body. */
export interface AnswerSource {
  /** `gen_ai.provider.name` of the call. */
  readonly provider: string;
  /** A response header by its name in lower case. */
  header(name: string): string | undefined;
}

/** Collects a streamed answer; cheap per chunk, the parsing happens in blocks and at the end. */
export interface StreamReader {
  /** Takes the next bytes of the body. They are copied: the caller may transfer or change them. */
  write(chunk: Uint8Array): void;
  /** What the stream said so far, ended or not. */
  end(): ResponseFacts;
  /** The same while more is to come, where somebody else takes {@link StreamReader.end} for the end. */
  soFar?(): ResponseFacts;
}

/** A request that a known API answers. */
export interface MatchedCall {
  readonly api: WireApi;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  /** False when nothing but the path says what this is: the provider is the one whose API it is. */
  readonly hostKnown: boolean;
  /** The URL's path, without the query. */
  readonly path: string;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Where the call is to be processed, where the URL says so and it may change the price. */
  readonly region?: string | undefined;
}

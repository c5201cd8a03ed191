import type { TokenUsage } from "@tollgate/core";

/** A function that the fake model asks the client to call. */
export interface ScriptedToolCall {
  readonly name: string;
  /** @defaultValue `{}` */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** @defaultValue a fresh id in the provider's own form */
  readonly id?: string;
}

/**
 * What the fake provider does with one request. Everything is optional: `{}` is a short answer.
 *
 * "Chunk" means a piece of generated text or of a call's arguments, not a network packet.
 */
export interface ReplyScript {
  /** The answer. @defaultValue a short sentence, or none when there are tool calls */
  readonly text?: string;
  /** The answer as the pieces a stream sends it in; instead of `text`. @defaultValue word by word */
  readonly chunks?: readonly string[];
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Visible reasoning: a thinking block or a reasoning summary. Chat completions have none. */
  readonly reasoning?: string;
  /**
   * Counts to report, in the vocabulary of core: `inputTokens` and `outputTokens` are totals.
   * Those left out are derived from lengths, four characters to a token.
   *
   * With `outputTokens` given, the request's own limit is not obeyed: a provider that overruns.
   */
  readonly usage?: Partial<TokenUsage>;
  /** Leaves the counts out, as some compatible servers do. */
  readonly usageAbsent?: boolean;
  /** The model that the answer names. @defaultValue the request's */
  readonly model?: string;
  /** As on the wire. @defaultValue what fits: `stop`, `tool_calls`, `length` and their like */
  readonly finishReason?: string;
  /** The tier that served the call, as on the wire. */
  readonly serviceTier?: string;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;

  /** Before the response's head. @defaultValue 0 */
  readonly delayMs?: number;
  /** Before each chunk of a stream. @defaultValue 0 */
  readonly chunkDelayMs?: number;
  /**
   * Cuts the body into pieces of so many bytes, or of 1, 3, 5, 7, 9, 11 and again, through
   * characters, lines and events alike.
   */
  readonly split?: "odd" | number;

  /** 400 and above makes an error body in the provider's shape. @defaultValue 200 */
  readonly status?: number;
  /** The error's `type`. @defaultValue the provider's own for the status */
  readonly errorType?: string;
  /** The error's `code`, where the provider has one. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** Sent as `retry-after`, in seconds. */
  readonly retryAfterSeconds?: number;

  /** Streams: sends the provider's error event after so many chunks, then ends. */
  readonly failAfterChunks?: number;
  /** Stops sending after so many chunks (JSON: half way) and waits for the client to give up. */
  readonly hangAfterChunks?: number;
  /** Destroys the connection after so many chunks (JSON: half way). */
  readonly closeAfterChunks?: number;

  /**
   * - `truncated`: the body ends, properly as far as HTTP goes, half way.
   * - `broken-event`: one event in the middle of a stream is not JSON; JSON bodies are truncated.
   * - `no-terminal-event`: a stream ends, properly as far as HTTP goes, after its last chunk.
   */
  readonly malformed?: "truncated" | "broken-event" | "no-terminal-event";
  /** Sends exactly this, whatever was asked for. Only `status`, `headers`, `delayMs` and `split` still count. */
  readonly rawBody?: string | Uint8Array<ArrayBuffer>;
  /** @defaultValue JSON, or an event stream when the request streams */
  readonly rawContentType?: string;
}

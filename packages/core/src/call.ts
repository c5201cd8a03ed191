import type { ModelUsage, TokenUsage } from "./usage.ts";

/** `gen_ai.operation.name`: what kind of work a call asks for. */
export type GenAiOperation =
  | "chat"
  | "text_completion"
  | "embeddings"
  | "generate_content"
  | "image_generation"
  | "speech"
  | "transcription"
  | "moderation"
  | "rerank"
  | "count_tokens";

/** What a request says before it leaves, as far as metering and budgets need it. */
export interface RequestFacts {
  /** `undefined` when the body does not name one. */
  readonly model: string | undefined;
  readonly streaming: boolean;
  /** The request's own limit on output tokens, per choice. */
  readonly maxOutputTokens: number | undefined;
  /** How many answers are asked for (`n`). */
  readonly choices: number;
  /** UTF-8 bytes of the body: an upper bound of the input tokens it can hold. */
  readonly bodyBytes: number;
  /** `service_tier` or its like. */
  readonly serviceTier: string | undefined;
  /** `speed` (Anthropic): `fast` has a price of its own. */
  readonly speed?: string | undefined;
  /** Where the call is to be processed, when that may change the price: `us`, `europe-west1`, `global`. */
  readonly region?: string | undefined;
  /**
   * Why the request's size says nothing of its cost (stored context, files, media, server tools),
   * or `undefined` when the body bounds it.
   */
  readonly unboundable: string | undefined;
  /**
   * Whether the request offers tools, for which providers add a prompt of their own; `undefined` when
   * that is not known.
   */
  readonly offersTools?: boolean | undefined;
  /** True for calls that the provider does not bill (moderations, token counting). */
  readonly free?: boolean | undefined;
}

/** What an answer said, read from the provider's own wire format. */
export interface ResponseFacts {
  /** The model the answer names. */
  readonly model: string | undefined;
  /**
   * The model whose prices `usage` has, where that is another than `model`: a stream begins with the name
   * of one model, and a fallback may write it.
   */
  readonly billedModel?: string | undefined;
  readonly id: string | undefined;
  /** `undefined`: the answer carried no counts. */
  readonly usage: TokenUsage | undefined;
  /** Tokens billed at another model's price, on top of `usage`. */
  readonly additionalUsage: readonly ModelUsage[];
  /** As on the wire, one per choice. */
  readonly finishReasons: readonly string[];
  /** Names of the functions the model asks the client to call, in order, repeats kept. */
  readonly toolCalls: readonly string[];
  /** The tier that served the call, where the answer says so. */
  readonly serviceTier: string | undefined;
  /** The speed that served the call, where the answer says so. */
  readonly speed?: string | undefined;
  /** Where the call was processed, where the answer says so. */
  readonly region?: string | undefined;
  /** What the provider billed in whole nano-USD, where the answer says so. */
  readonly providerCostNanoUsd: number | undefined;
  /** The provider's error type or code when the answer is an error, or turned into one mid-stream. */
  readonly errorType: string | undefined;
  /** False when a stream ended before its terminal event, or a JSON body did not parse. */
  readonly complete: boolean;
  /** True when the provider does the work in the background: it has no end and no counts yet. */
  readonly pending?: boolean | undefined;
  /** UTF-16 code units of generated text and arguments seen; what an estimate is made from. */
  readonly outputChars: number;
  /** What was wrong with the answer, in words, for diagnostics. */
  readonly problems: readonly string[];
}

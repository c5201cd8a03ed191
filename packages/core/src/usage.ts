/**
 * Tokens and other billable units that one model call consumed, in one convention for all providers.
 *
 * Every count is a non-negative whole number. `undefined` (or an absent key) means that the
 * provider did not say; it never means zero.
 */
export interface TokenUsage {
  /** ALL input tokens: uncached, read from a cache and written to one. */
  readonly inputTokens: number | undefined;
  /** ALL output tokens, hidden reasoning included. */
  readonly outputTokens: number | undefined;
  /** Part of `inputTokens` that a provider cache served. */
  readonly cacheReadTokens?: number | undefined;
  /** Part of `inputTokens` written to a provider cache, whatever its lifetime. */
  readonly cacheWriteTokens?: number | undefined;
  /** Part of `cacheWriteTokens` written with a one-hour lifetime (Anthropic). */
  readonly cacheWrite1hTokens?: number | undefined;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens?: number | undefined;
  /** Part of `inputTokens` that was audio. */
  readonly audioInputTokens?: number | undefined;
  /** Part of both `audioInputTokens` and `cacheReadTokens`: audio that a provider cache served. */
  readonly audioCacheReadTokens?: number | undefined;
  /** Part of `outputTokens` that was audio. */
  readonly audioOutputTokens?: number | undefined;
  /** Part of `inputTokens` that was images. */
  readonly imageInputTokens?: number | undefined;
  /** Part of both `imageInputTokens` and `cacheReadTokens`: images that a provider cache served. */
  readonly imageCacheReadTokens?: number | undefined;
  /** Part of `inputTokens` that was video. */
  readonly videoInputTokens?: number | undefined;
  /** Part of `inputTokens` that tools of the provider's own brought in (Google). */
  readonly toolUseInputTokens?: number | undefined;
  /** Part of `outputTokens` that was images. */
  readonly imageOutputTokens?: number | undefined;
  /** Seconds of audio that a provider bills instead of tokens, begun ones included. */
  readonly audioSeconds?: number | undefined;
  /** Characters that a provider bills instead of tokens (speech, translation). */
  readonly inputCharacters?: number | undefined;
  /** Pages of documents that a provider bills instead of tokens (text recognition). */
  readonly inputPages?: number | undefined;
  /** Images that a provider made and bills one by one instead of by token. */
  readonly outputImages?: number | undefined;
  /** Searches of a reranker, which bills them one by one (Cohere's search units). */
  readonly searchUnits?: number | undefined;
  /** Web searches that the provider ran and bills one by one. */
  readonly webSearchRequests?: number | undefined;
  /** Searches in files or stores that the provider keeps, billed one by one. */
  readonly fileSearchRequests?: number | undefined;
  /** Sandboxes in which the provider ran code and which it bills one by one. */
  readonly codeExecutionSessions?: number | undefined;
}

/** Tokens that one answer bills at another model's price (an adviser, a fallback, an image tool). */
export interface ModelUsage {
  readonly model: string;
  readonly usage: TokenUsage;
}

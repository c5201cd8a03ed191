import type { TokenUsage } from "@tollgate/core";
import type { AnswerFields } from "../api-description.ts";
import { readCount } from "../answer/count.ts";
import type { AnswerDraft } from "../answer/draft.ts";
import { readObject, type JsonObject } from "../json/read.ts";

/** OpenAI's APIs count alike under different names. */
export interface OpenAiUsageNames {
  readonly input: string;
  readonly output: string;
  readonly inputDetails: string;
  readonly outputDetails: string;
}

/** Chat, completions, embeddings, and nearly all relatives. */
export const CHAT_USAGE_NAMES: OpenAiUsageNames = {
  input: "prompt_tokens",
  output: "completion_tokens",
  inputDetails: "prompt_tokens_details",
  outputDetails: "completion_tokens_details",
};

export const CHAT_USAGE_FIELDS: AnswerFields = {
  inputTokens: "usage.prompt_tokens",
  outputTokens: "usage.completion_tokens",
  cacheReadTokens:
    "usage.prompt_tokens_details.cached_tokens | usage.prompt_cache_hit_tokens | usage.cached_tokens",
  cacheWriteTokens: "usage.prompt_tokens_details.cache_write_tokens",
  reasoningTokens: "usage.completion_tokens_details.reasoning_tokens",
  audioInputTokens: "usage.prompt_tokens_details.audio_tokens",
  audioOutputTokens: "usage.completion_tokens_details.audio_tokens",
  imageInputTokens: "usage.prompt_tokens_details.image_tokens",
  imageOutputTokens: "usage.completion_tokens_details.image_tokens",
};

/** Responses and images. */
export const RESPONSES_USAGE_NAMES: OpenAiUsageNames = {
  input: "input_tokens",
  output: "output_tokens",
  inputDetails: "input_tokens_details",
  outputDetails: "output_tokens_details",
};

export const RESPONSES_USAGE_FIELDS: AnswerFields = {
  inputTokens: "usage.input_tokens",
  outputTokens: "usage.output_tokens",
  cacheReadTokens:
    "usage.input_tokens_details.cached_tokens | usage.prompt_cache_hit_tokens | usage.cached_tokens",
  cacheWriteTokens: "usage.input_tokens_details.cache_write_tokens",
  reasoningTokens: "usage.output_tokens_details.reasoning_tokens",
  audioInputTokens: "usage.input_tokens_details.audio_tokens",
  audioOutputTokens: "usage.output_tokens_details.audio_tokens",
  imageInputTokens: "usage.input_tokens_details.image_tokens",
  imageOutputTokens: "usage.output_tokens_details.image_tokens",
};

/**
 * OpenAI's counts in our convention, which is theirs: input holds what the cache served, output
 * holds the reasoning. Relatives of the API name the cached part differently.
 *
 * @returns `undefined` when it counts neither input nor output.
 */
export function openAiUsage(
  usage: JsonObject | undefined,
  names: OpenAiUsageNames,
  draft: AnswerDraft,
): TokenUsage | undefined {
  if (usage === undefined) return undefined;
  const inputTokens = readCount(usage, names.input, draft);
  const outputTokens = readCount(usage, names.output, draft);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const input = readObject(usage, names.inputDetails);
  const output = readObject(usage, names.outputDetails);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens:
      readCount(input, "cached_tokens", draft) ??
      readCount(usage, "prompt_cache_hit_tokens", draft) ??
      readCount(usage, "cached_tokens", draft),
    cacheWriteTokens: readCount(input, "cache_write_tokens", draft),
    reasoningTokens: readCount(output, "reasoning_tokens", draft),
    audioInputTokens: readCount(input, "audio_tokens", draft),
    audioOutputTokens: readCount(output, "audio_tokens", draft),
    imageInputTokens: readCount(input, "image_tokens", draft),
    imageOutputTokens: readCount(output, "image_tokens", draft),
  };
}

/**
 * Usage of a chat completion. xAI alone leaves the reasoning out of its output count, and says so in
 * the total; models of its that others serve do the same.
 *
 * @see https://docs.x.ai/docs/guides/reasoning
 */
export function chatUsage(
  usage: JsonObject | undefined,
  provider: string | undefined,
  draft: AnswerDraft,
): TokenUsage | undefined {
  const counts = openAiUsage(usage, CHAT_USAGE_NAMES, draft);
  const { inputTokens, outputTokens, reasoningTokens } = counts ?? {};
  if (inputTokens === undefined || outputTokens === undefined || !reasoningTokens) return counts;
  const total = readCount(usage, "total_tokens", draft);
  const withReasoning = outputTokens + reasoningTokens;
  const isOutside =
    total === undefined ? provider === "x_ai" : total === inputTokens + withReasoning;
  return isOutside && counts ? { ...counts, outputTokens: withReasoning } : counts;
}

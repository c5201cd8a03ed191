import type { TokenUsage } from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import type { AnswerDraft } from "../answer/draft.ts";
import { readObject, type JsonObject } from "../json/read.ts";

/** The two OpenAI APIs count alike under different names. */
export interface OpenAiUsageNames {
  readonly input: string;
  readonly output: string;
  readonly inputDetails: string;
  readonly outputDetails: string;
}

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

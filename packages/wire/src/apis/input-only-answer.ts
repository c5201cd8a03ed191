import type { ResponseFacts, TokenUsage } from "@tollgate/core";
import { readCount, readUsage } from "../answer/count.ts";
import {
  createDraft,
  nonsenseFacts,
  noteError,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { readProviderCost } from "../answer/provider-cost.ts";
import { wholeAnswer } from "../answer/whole-answer.ts";
import type { AnswerFields } from "../api-description.ts";
import type { AnswerSource } from "../api.ts";
import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";
import { CHAT_USAGE_NAMES, openAiUsage } from "./openai-usage.ts";

/** What {@link readInputOnlyAnswer} reads. */
export const INPUT_ONLY_FIELDS: AnswerFields = {
  model: "model",
  id: "id",
  inputTokens: "usage.prompt_tokens | usage.total_tokens",
  outputTokens: "0",
  cacheReadTokens:
    "usage.prompt_tokens_details.cached_tokens | usage.prompt_cache_hit_tokens | usage.cached_tokens",
  cacheWriteTokens: "usage.prompt_tokens_details.cache_write_tokens",
  audioInputTokens: "usage.prompt_tokens_details.audio_tokens",
  imageInputTokens: "usage.prompt_tokens_details.image_tokens",
  searchUnits: "usage.search_units",
};

/**
 * Reads the answer of an API that generates no tokens: vectors, scores, verdicts. All tokens are
 * input, and some vendors count them only as the total.
 *
 * @param listKeys - what the list in an answer may be called; the first that is there counts.
 */
export function readInputOnlyAnswer(
  value: unknown,
  answer: AnswerSource | undefined,
  ...listKeys: readonly [string, ...string[]]
): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  noteText(draft, "id", readLabel(value, "id"));
  noteText(draft, "model", readLabel(value, "model"));
  noteError(draft, value["error"]);
  const usage = readUsage(value, draft);
  readProviderCost(usage, answer?.provider, draft);
  noteUsage(draft, inputUsage(usage, draft));
  return wholeAnswer(draft, value, listKeys.find((key) => key in value) ?? listKeys[0]);
}

function inputUsage(usage: JsonObject | undefined, draft: AnswerDraft): TokenUsage | undefined {
  const counts = openAiUsage(usage, CHAT_USAGE_NAMES, draft);
  const inputTokens = counts?.inputTokens ?? readCount(usage, "total_tokens", draft);
  const searchUnits = readCount(usage, "search_units", draft);
  if (inputTokens === undefined) {
    return searchUnits === undefined
      ? undefined
      : { inputTokens, outputTokens: undefined, searchUnits };
  }
  return {
    inputTokens,
    // Zero is known here, not missing.
    outputTokens: 0,
    cacheReadTokens: counts?.cacheReadTokens,
    cacheWriteTokens: counts?.cacheWriteTokens,
    audioInputTokens: counts?.audioInputTokens,
    imageInputTokens: counts?.imageInputTokens,
    searchUnits,
  };
}

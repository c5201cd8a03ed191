import type { ModelUsage, TokenUsage } from "@tollgate/core";
import { readCount, sumCounts } from "../answer/count.ts";
import { noteUsage, type AnswerDraft } from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import { isJsonObject, readLabel, readList, readObject, type JsonObject } from "../json/read.ts";

export const ANTHROPIC_USAGE_FIELDS: AnswerFields = {
  inputTokens: "usage.input_tokens + cacheReadTokens + cacheWriteTokens",
  outputTokens: "usage.output_tokens",
  cacheReadTokens: "usage.cache_read_input_tokens",
  cacheWriteTokens:
    "usage.cache_creation_input_tokens | usage.cache_creation.ephemeral_5m_input_tokens + usage.cache_creation.ephemeral_1h_input_tokens",
  cacheWrite1hTokens: "usage.cache_creation.ephemeral_1h_input_tokens",
  reasoningTokens: "usage.output_tokens_details.thinking_tokens",
  webSearchRequests: "usage.server_tool_use.web_search_requests",
  serviceTier: "usage.service_tier",
  speed: "usage.speed",
  region: "usage.inference_geo",
};

/**
 * Writes Anthropic's counts into the draft in our convention: their `input_tokens` leaves out what
 * the cache served and took.
 *
 * `iterations` lists the passes behind one answer. The counts beside it leave out compaction, which
 * is billed like the rest; advisers and refused attempts ran on other models.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/compaction
 */
export function noteAnthropicUsage(draft: AnswerDraft, usage: JsonObject): void {
  const said = readCounts(usage, draft);
  const passes = readList(usage, "iterations").filter(isJsonObject);
  const counts = addCompaction(said, passes, draft);
  if (counts === undefined) return;
  const serverTools = readObject(usage, "server_tool_use");
  const webSearchRequests = readCount(serverTools, "web_search_requests", draft);
  noteUsage(draft, { ...counts, webSearchRequests });
  draft.additionalUsage = otherModels(passes, draft);
}

function readCounts(usage: JsonObject, draft: AnswerDraft): TokenUsage | undefined {
  const uncached = readCount(usage, "input_tokens", draft);
  const outputTokens = readCount(usage, "output_tokens", draft);
  if (uncached === undefined && outputTokens === undefined) return undefined;
  const cacheReadTokens = readCount(usage, "cache_read_input_tokens", draft);
  const split = readObject(usage, "cache_creation");
  const written1h = readCount(split, "ephemeral_1h_input_tokens", draft);
  const cacheWriteTokens =
    readCount(usage, "cache_creation_input_tokens", draft) ??
    sumCounts(readCount(split, "ephemeral_5m_input_tokens", draft), written1h);
  const details = readObject(usage, "output_tokens_details");
  return {
    inputTokens:
      uncached === undefined ? undefined : sumCounts(uncached, cacheReadTokens, cacheWriteTokens),
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    // In a stream the split is older than the total.
    cacheWrite1hTokens:
      written1h === undefined ? undefined : Math.min(written1h, cacheWriteTokens ?? written1h),
    reasoningTokens: readCount(details, "thinking_tokens", draft),
  };
}

/**
 * The model that wrote an answer in place of the one asked; a stream begins before it is known.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
export function fallbackModel(usage: JsonObject): string | undefined {
  const passes = readList(usage, "iterations").filter(isJsonObject);
  return readLabel(
    passes.findLast((pass) => pass["type"] === "fallback_message"),
    "model",
  );
}

/** The types of the passes that ran on the model that answered. */
function ownPasses(passes: readonly JsonObject[]): readonly string[] {
  // After a fallback, `message` is the attempt that failed.
  const fellBack = passes.some((pass) => pass["type"] === "fallback_message");
  return [fellBack ? "fallback_message" : "message", "compaction"];
}

function passType(pass: JsonObject): string {
  return readLabel(pass, "type") ?? "iteration";
}

function addCompaction(
  said: TokenUsage | undefined,
  passes: readonly JsonObject[],
  draft: AnswerDraft,
): TokenUsage | undefined {
  if (!passes.some((pass) => passType(pass) === "compaction")) return said;
  const own = ownPasses(passes);
  const billed = passes
    .filter((pass) => own.includes(passType(pass)))
    .flatMap((pass) => readCounts(pass, draft) ?? []);
  const sum = (key: keyof TokenUsage): number | undefined =>
    sumCounts(...billed.map((counts) => counts[key])) ?? said?.[key];
  return {
    inputTokens: sum("inputTokens"),
    outputTokens: sum("outputTokens"),
    cacheReadTokens: sum("cacheReadTokens"),
    cacheWriteTokens: sum("cacheWriteTokens"),
    cacheWrite1hTokens: sum("cacheWrite1hTokens"),
    reasoningTokens: sum("reasoningTokens"),
  };
}

function otherModels(passes: readonly JsonObject[], draft: AnswerDraft): readonly ModelUsage[] {
  const own = ownPasses(passes);
  return passes.flatMap((pass) => {
    const type = passType(pass);
    const usage = own.includes(type) ? undefined : readCounts(pass, draft);
    // A pass that does not name its model stays unpriced under its type.
    return usage === undefined ? [] : [{ model: readLabel(pass, "model") ?? type, usage }];
  });
}

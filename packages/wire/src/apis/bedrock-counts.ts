import type { ResponseFacts, TokenUsage } from "@tollgate/core";
import { readCount, sumCounts } from "../answer/count.ts";
import { createDraft, type AnswerDraft } from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import type { AnswerSource } from "../api.ts";
import { isJsonObject, readList, type JsonObject } from "../json/read.ts";

export const CONVERSE_USAGE_FIELDS: AnswerFields = {
  inputTokens: "usage.inputTokens + cacheReadTokens + cacheWriteTokens",
  outputTokens: "usage.outputTokens",
  cacheReadTokens: "usage.cacheReadInputTokens | usage.cacheReadInputTokenCount",
  cacheWriteTokens: "usage.cacheWriteInputTokens | usage.cacheWriteInputTokenCount",
  cacheWrite1hTokens: "usage.cacheDetails[ttl=1h].inputTokens",
};

/** What {@link metricsUsage} reads. */
export const METRICS_FIELDS: AnswerFields = {
  inputTokens:
    "amazon-bedrock-invocationMetrics.inputTokenCount + cacheReadTokens + cacheWriteTokens",
  outputTokens: "amazon-bedrock-invocationMetrics.outputTokenCount",
  cacheReadTokens: "amazon-bedrock-invocationMetrics.cacheReadInputTokenCount",
  cacheWriteTokens: "amazon-bedrock-invocationMetrics.cacheWriteInputTokenCount",
};

/** What {@link headerUsage} reads. */
export const HEADER_FIELDS: AnswerFields = {
  inputTokens: "x-amzn-bedrock-input-token-count + cacheReadTokens + cacheWriteTokens",
  outputTokens: "x-amzn-bedrock-output-token-count",
  cacheReadTokens: "x-amzn-bedrock-cache-read-input-token-count",
  cacheWriteTokens: "x-amzn-bedrock-cache-write-input-token-count",
};

/**
 * The counts of Converse, and of Nova's own body, in our convention: their `inputTokens` leaves out
 * what the cache served and took.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 */
export function converseUsage(
  usage: JsonObject | undefined,
  draft: AnswerDraft,
): TokenUsage | undefined {
  const count = (...names: readonly string[]): number | undefined =>
    firstKnown(names, (name) => readCount(usage, name, draft));
  return withCache({
    uncachedTokens: count("inputTokens"),
    outputTokens: count("outputTokens"),
    cacheReadTokens: count("cacheReadInputTokens", "cacheReadInputTokenCount"),
    cacheWriteTokens: count("cacheWriteInputTokens", "cacheWriteInputTokenCount"),
    cacheWrite1hTokens: written1h(usage, draft),
  });
}

/** What the last chunk of an InvokeModel stream says beside the model maker's own words. */
export function metricsUsage(
  metrics: JsonObject | undefined,
  draft: AnswerDraft,
): TokenUsage | undefined {
  return withCache({
    uncachedTokens: readCount(metrics, "inputTokenCount", draft),
    outputTokens: readCount(metrics, "outputTokenCount", draft),
    cacheReadTokens: readCount(metrics, "cacheReadInputTokenCount", draft),
    cacheWriteTokens: readCount(metrics, "cacheWriteInputTokenCount", draft),
  });
}

/** What Bedrock itself counted, in the headers of an InvokeModel answer. */
export function headerUsage(answer: AnswerSource | undefined): TokenUsage | undefined {
  if (answer === undefined) return undefined;
  const draft = createDraft();
  const count = (name: string): number | undefined => {
    const text = answer.header(`x-amzn-bedrock-${name}-token-count`)?.trim();
    return text ? readCount({ count: Number(text) }, "count", draft) : undefined;
  };
  return withCache({
    uncachedTokens: count("input"),
    outputTokens: count("output"),
    cacheReadTokens: count("cache-read-input"),
    cacheWriteTokens: count("cache-write-input"),
  });
}

/** Fills what an answer left out (a guardrail drops counts when it rewrites a body). */
export function fillUsage(facts: ResponseFacts, counted: TokenUsage | undefined): ResponseFacts {
  if (counted === undefined) return facts;
  const { usage } = facts;
  if (usage === undefined) return { ...facts, usage: counted };
  const input = usage.inputTokens === undefined ? counted : usage;
  return {
    ...facts,
    usage: {
      ...usage,
      inputTokens: input.inputTokens,
      cacheReadTokens: input.cacheReadTokens,
      cacheWriteTokens: input.cacheWriteTokens,
      outputTokens: usage.outputTokens ?? counted.outputTokens,
    },
  };
}

interface Counted extends Omit<TokenUsage, "inputTokens"> {
  readonly uncachedTokens: number | undefined;
}

/** @returns `undefined` when neither input nor output is counted. */
function withCache({ uncachedTokens, ...rest }: Counted): TokenUsage | undefined {
  if (uncachedTokens === undefined && rest.outputTokens === undefined) return undefined;
  const { cacheReadTokens, cacheWriteTokens } = rest;
  return {
    ...rest,
    inputTokens:
      uncachedTokens === undefined
        ? undefined
        : sumCounts(uncachedTokens, cacheReadTokens, cacheWriteTokens),
  };
}

/** Writes by how long they live; only the longer one has a price of its own. */
function written1h(usage: JsonObject | undefined, draft: AnswerDraft): number | undefined {
  const written = readList(usage, "cacheDetails").filter(isJsonObject);
  return sumCounts(
    ...written
      .filter((detail) => detail["ttl"] === "1h")
      .map((detail) => readCount(detail, "inputTokens", draft)),
  );
}

function firstKnown(
  names: readonly string[],
  read: (name: string) => number | undefined,
): number | undefined {
  for (const name of names) {
    const found = read(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

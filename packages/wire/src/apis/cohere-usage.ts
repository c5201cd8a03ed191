import type { TokenUsage } from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import type { AnswerDraft } from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import { readObject, type JsonObject } from "../json/read.ts";

/**
 * What Cohere bills: its prompt templates are in `tokens` but not on the bill, and `cached_tokens` are
 * a part of those. Servers that bill nothing only say `tokens`.
 *
 * @param counts - `usage` of the second version of the API, `meta` of the first.
 * @see https://docs.cohere.com/docs/how-does-cohere-pricing-work
 */
export function cohereUsage(
  counts: JsonObject | undefined,
  draft: AnswerDraft,
): TokenUsage | undefined {
  return (
    readTokens(readObject(counts, "billed_units"), draft) ??
    readTokens(readObject(counts, "tokens"), draft)
  );
}

/** @param member - where the counts stand. */
export function cohereUsageFields(member: string): AnswerFields {
  return {
    inputTokens: `${member}.billed_units.input_tokens | ${member}.tokens.input_tokens`,
    outputTokens: `${member}.billed_units.output_tokens | ${member}.tokens.output_tokens`,
  };
}

export const BILLED_UNITS_LIMIT =
  "Tokens billed and tokens used differ; those billed count, and of those used none is known to be cached.";

/** Searches are billed units too, in place of tokens. */
function readTokens(units: JsonObject | undefined, draft: AnswerDraft): TokenUsage | undefined {
  const inputTokens = readCount(units, "input_tokens", draft);
  const outputTokens = readCount(units, "output_tokens", draft);
  return inputTokens === undefined && outputTokens === undefined
    ? undefined
    : { inputTokens, outputTokens };
}

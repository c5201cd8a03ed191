import type { TokenUsage } from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import type { AnswerDraft } from "../answer/draft.ts";
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

/** Searches are billed units too, in place of tokens. */
function readTokens(units: JsonObject | undefined, draft: AnswerDraft): TokenUsage | undefined {
  const inputTokens = readCount(units, "input_tokens", draft);
  const outputTokens = readCount(units, "output_tokens", draft);
  return inputTokens === undefined && outputTokens === undefined
    ? undefined
    : { inputTokens, outputTokens };
}

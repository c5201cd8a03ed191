import type { RequestFacts, ResponseFacts, TokenUsage } from "@tollgate/core";
import type { SizeRatios } from "./learned-ratios.ts";

/** English text and JSON have about four characters per token in current tokenizers. */
const CHARS_PER_TOKEN = 4;

/** @param factor - what was learned of such texts. */
export function estimateTokens(chars: number, factor = 1): number {
  return Math.ceil((chars / CHARS_PER_TOKEN) * factor);
}

/**
 * Counts for an answer whose provider did not say all of them: input from the size of the request,
 * output from the text that was seen. Counts that the provider did report are kept.
 *
 * @param ratios - what was learned of such calls. @defaultValue nothing
 */
export function estimateUsage(
  facts: RequestFacts,
  response: Pick<ResponseFacts, "usage" | "outputChars">,
  ratios?: SizeRatios,
): TokenUsage {
  const reported = response.usage;
  return {
    ...reported,
    inputTokens: reported?.inputTokens ?? estimateTokens(facts.bodyBytes, ratios?.input),
    outputTokens: reported?.outputTokens ?? estimateTokens(response.outputChars, ratios?.output),
  };
}

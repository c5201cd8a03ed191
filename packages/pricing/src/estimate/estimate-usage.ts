import type { RequestFacts, ResponseFacts, TokenUsage } from "@tollgate/core";

/** English text and JSON have about four characters per token in current tokenizers. */
const CHARS_PER_TOKEN = 4;

export function estimateTokens(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/**
 * Counts for an answer whose provider did not say all of them: input from the size of the request,
 * output from the text that was seen. Counts that the provider did report are kept.
 */
export function estimateUsage(
  facts: RequestFacts,
  response: Pick<ResponseFacts, "usage" | "outputChars">,
): TokenUsage {
  const reported = response.usage;
  return {
    ...reported,
    inputTokens: reported?.inputTokens ?? estimateTokens(facts.bodyBytes),
    outputTokens: reported?.outputTokens ?? estimateTokens(response.outputChars),
  };
}

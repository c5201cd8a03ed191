import type { Ratio } from "./decimal.ts";
import type { Tier } from "./billing-terms.ts";

/** What a tier multiplies list prices with. */
export interface TierRule {
  readonly tokens: Ratio;
  /** Where cached tokens cost another share of their list price. */
  readonly cacheReads?: Ratio | undefined;
}

const HALF: TierRule = { tokens: [1, 2] };

/**
 * Tiers that cost less than the list price, by the catalogue's id of the provider; what is not here is
 * billed at the list price as far as is known. Seen on the providers' pages on 2026-11-22:
 *
 * - OpenAI: batch and flex at half, https://developers.openai.com/api/docs/models/gpt-6.1-terra
 * - Anthropic: batch at half, https://platform.claude.com/docs/en/models/haiku-5-5/overview
 * - Google: batch and flex at half, https://ai.google.dev/gemini-api/docs/optimization; that cached
 *   tokens are halved once more is nowhere said
 *
 * Known from before, and not seen again:
 *
 * - Anthropic: caches at half in a batch, too,
 *   https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing
 * - Azure: batch at half, https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/
 * - Bedrock: batch at half, https://aws.amazon.com/bedrock/pricing/; by how much flex is cheaper no text says
 * - Groq: batch at half, https://groq.com/pricing; that flex is at the list price was seen on
 *   https://console.groq.com/docs/flex-processing
 * - Mistral: batch at half, https://docs.mistral.ai/capabilities/batch/
 * - Together: batch at half, https://docs.together.ai/docs/batch-inference
 * - Fireworks: batch at half, https://docs.fireworks.ai/guides/batch-inference
 * - Voyage: batch a third off, https://docs.voyageai.com/docs/pricing
 */
export const CHEAP_TIERS: Readonly<Record<string, Partial<Record<Tier, TierRule>>>> = {
  openai: { batch: HALF, flex: HALF },
  azure: { batch: HALF },
  anthropic: { batch: HALF },
  google: {
    batch: { tokens: [1, 2], cacheReads: [1, 1] },
    flex: { tokens: [1, 2], cacheReads: [1, 1] },
  },
  aws: { batch: HALF },
  groq: { batch: HALF },
  mistral: { batch: HALF },
  together: { batch: HALF },
  fireworks: { batch: HALF },
  voyageai: { batch: { tokens: [67, 100] } },
};

/**
 * Priority tiers at one multiple for all models of a provider. Anthropic's draws on a commitment that is
 * paid for on its own, and counts at the list price: https://platform.claude.com/docs/en/api/service-tiers,
 * seen on 2026-11-22. Gemini's is 75 to 100 % dearer by model, and by how much Bedrock's is no text says.
 */
export const PRIORITY_TIERS: Readonly<Record<string, TierRule>> = {
  anthropic: { tokens: [1, 1] },
};

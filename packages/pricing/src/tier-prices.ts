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
 * billed at the list price as far as is known. Looked at on 2026-11-22:
 *
 * - OpenAI: batch and flex at half, https://developers.openai.com/api/docs/pricing
 * - Azure: batch at half, https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/
 * - Anthropic: batch at half, caches included,
 *   https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing
 * - Google: batch and flex at half, https://ai.google.dev/gemini-api/docs/optimization; that cached
 *   tokens are halved once more is nowhere said
 * - Bedrock: batch at half, https://aws.amazon.com/bedrock/pricing/; by how much flex is cheaper no text says
 * - Groq: batch at half; flex is at the list price, https://groq.com/pricing
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
 * OpenAI's priority tier, also called fast, as a multiple of each model's list price. Per million tokens
 * it lists, input / cached / output, on https://openai.com/api-priority-processing/ and
 * https://developers.openai.com/api/docs/pricing, looked at on 2026-11-22: gpt-5.5 12.50 / 1.25 / 75,
 * gpt-5.4 5 / 0.50 / 30, gpt-5.4-mini 1.50 / 0.15 / 9, gpt-5.2 3.50 / 0.35 / 28, gpt-5.1 and gpt-5
 * 2.50 / 0.25 / 20, gpt-5-mini 0.45 / 0.045 / 3.60, gpt-4.1 3.50 / 0.875 / 14, gpt-4.1-mini
 * 0.70 / 0.175 / 2.80, gpt-4.1-nano 0.20 / 0.05 / 0.80, gpt-4o 4.25 / 2.125 / 17, its first
 * snapshot 8.75 / - / 26.25, gpt-4o-mini
 * 0.25 / 0.125 / 1, o3 3.50 / 0.875 / 14, o4-mini 2 / 0.50 / 8; gpt-5.6, gpt-6 and
 * the codex models at twice the list price.
 */
export const OPENAI_PRIORITY: ReadonlyMap<string, Ratio> = new Map<string, Ratio>([
  ["gpt-4.1", [7, 4]],
  ["gpt-4.1-mini", [7, 4]],
  ["gpt-4.1-nano", [2, 1]],
  ["gpt-4o", [17, 10]],
  ["gpt-4o-2024-05-13", [7, 4]],
  ["gpt-4o-mini", [5, 3]],
  ["gpt-5", [2, 1]],
  ["gpt-5-codex", [2, 1]],
  ["gpt-5-mini", [9, 5]],
  ["gpt-5.1", [2, 1]],
  ["gpt-5.1-codex", [2, 1]],
  ["gpt-5.2", [2, 1]],
  ["gpt-5.2-codex", [2, 1]],
  ["gpt-5.3-codex", [2, 1]],
  ["gpt-5.4", [2, 1]],
  ["gpt-5.4-mini", [2, 1]],
  ["gpt-5.5", [5, 2]],
  ["gpt-5.6", [2, 1]],
  ["gpt-5.6-luna", [2, 1]],
  ["gpt-5.6-sol", [2, 1]],
  ["gpt-5.6-terra", [2, 1]],
  ["gpt-6-astra", [2, 1]],
  ["gpt-6-luna", [2, 1]],
  ["gpt-6-sol", [2, 1]],
  ["gpt-6.1-sol", [2, 1]],
  ["gpt-6.1-terra", [2, 1]],
  ["o3", [7, 4]],
  ["o4-mini", [20, 11]],
]);

/**
 * Priority tiers at one multiple for all models of a provider. Anthropic's draws on a commitment that is
 * paid for on its own, and counts at the list price:
 * https://platform.claude.com/docs/en/api/service-tiers. By how much Bedrock's is dearer no text says.
 */
export const PRIORITY_TIERS: Readonly<Record<string, TierRule>> = {
  anthropic: { tokens: [1, 1] },
};

/**
 * Priority on the Gemini API, 75 to 100 % more by model; those whose page was seen on 2026-11-22:
 * https://ai.google.dev/gemini-api/docs/pricing.
 */
export const GEMINI_PRIORITY: ReadonlyMap<string, Ratio> = new Map<string, Ratio>([
  ["gemini-3.7-flash", [9, 5]],
  ["gemini-3.8-flash", [9, 5]],
]);

/**
 * Claude's fast mode as a multiple of the list price, on top of which caches count as ever:
 * https://platform.claude.com/docs/en/build-with-claude/fast-mode, looked at on 2026-11-22.
 */
export const FAST_MODE: ReadonlyMap<string, Ratio> = new Map<string, Ratio>([
  ["claude-opus-4-6", [6, 1]],
  ["claude-opus-4-7", [6, 1]],
  ["claude-opus-4-8", [2, 1]],
  ["claude-opus-5", [2, 1]],
  ["claude-opus-5-5", [2, 1]],
]);

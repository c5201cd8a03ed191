import type { Confirmation, Sighting } from "./confirmation.ts";
import type { Ratio } from "./decimal.ts";

/** A tier or mode that costs more than the list price, as a multiple of that. */
export interface Premium extends Sighting {
  readonly tokens: Ratio;
}

/** Premiums of one provider by model, and whose page has them. */
type PremiumList = ReadonlyMap<string, Premium>;

const CHECKED_ON = "2026-11-22";
const FAST_PAGE = "https://openai.com/api-fast-mode/";
const LITELLM = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json";

function seen(
  confirmed: Confirmation,
  source: string,
  multiples: Readonly<Record<string, Ratio>>,
): readonly (readonly [string, Premium])[] {
  return Object.entries(multiples).map(([model, tokens]) => [
    model,
    { tokens, confirmed, source, checkedOn: CHECKED_ON },
  ]);
}

/**
 * OpenAI's priority tier, called fast mode since 30 July 2026. Per million tokens OpenAI lists, input /
 * cached / output: gpt-5.6-sol 8 / 0.80 / 40, gpt-5.6-terra 4 / 0.40 / 24, gpt-5.6-luna 0.40 / 0.04 / 2.40,
 * gpt-5.5 12.50 / 1.25 / 75, gpt-5.4 5 / 0.50 / 30, gpt-5.4-mini 1.50 / 0.15 / 9, gpt-5.2 3.50 / 0.35 / 28,
 * gpt-5.1, gpt-5 and their codex models 2.50 / 0.25 / 20, gpt-5-mini 0.45 / 0.045 / 3.60, gpt-4.1
 * 3.50 / 0.875 / 14, gpt-4.1-mini 0.70 / 0.175 / 2.80, gpt-4.1-nano 0.20 / 0.05 / 0.80, gpt-4o
 * 4.25 / 2.125 / 17, its first snapshot 8.75 / - / 26.25, gpt-4o-mini 0.25 / 0.125 / 1, o3 3.50 / 0.875 / 14.
 */
export const OPENAI_PRIORITY: PremiumList = new Map([
  ...seen("provider", FAST_PAGE, {
    "gpt-5.4": [2, 1],
    "gpt-5.4-mini": [2, 1],
    "gpt-5.5": [5, 2],
    "gpt-5.6": [2, 1],
    "gpt-5.6-luna": [2, 1],
    "gpt-5.6-sol": [2, 1],
    "gpt-5.6-terra": [2, 1],
  }),
  ...seen("provider", "https://openai.com/api-priority-processing/", {
    "gpt-4.1": [7, 4],
    "gpt-4.1-mini": [7, 4],
    "gpt-4.1-nano": [2, 1],
    "gpt-4o": [17, 10],
    "gpt-4o-2024-05-13": [7, 4],
    "gpt-4o-mini": [5, 3],
    "gpt-5": [2, 1],
    "gpt-5-codex": [2, 1],
    "gpt-5-mini": [9, 5],
    "gpt-5.1": [2, 1],
    "gpt-5.1-codex": [2, 1],
    "gpt-5.2": [2, 1],
    o3: [7, 4],
  }),
  ...seen("third-party", LITELLM, { "gpt-5.2-codex": [2, 1], "gpt-5.3-codex": [2, 1] }),
  ...seen(
    "third-party",
    "https://github.com/anuran-roy/unified-llm-pricing/blob/main/data/pricing.json",
    { "gpt-6-astra": [2, 1] },
  ),
  ...seen("third-party", "https://vercel.com/ai-gateway/models/gpt-6-luna-fast", {
    "gpt-6-luna": [2, 1],
  }),
  ...seen("third-party", "https://www.w3cschool.cn/openai_api/openai-api-docs-gpt-6-1-sol.html", {
    "gpt-6.1-sol": [2, 1],
  }),
  ...seen("third-party", "https://docs.litellm.ai/blog/gpt-6-1-terra", {
    "gpt-6.1-terra": [2, 1],
  }),
  ...seen("third-party", "https://vercel.com/ai-gateway/models/o4-mini-fast", {
    "o4-mini": [20, 11],
  }),
]);

/** Claude's fast mode, on top of which caches count as ever. */
export const FAST_MODE: PremiumList = new Map([
  ...seen("provider", "https://platform.claude.com/docs/en/build-with-claude/fast-mode", {
    "claude-opus-4-6": [6, 1],
  }),
  ...seen("third-party", "https://openrouter.ai/anthropic/claude-opus-4.7-fast", {
    "claude-opus-4-7": [6, 1],
  }),
  ...seen("third-party", "https://openrouter.ai/anthropic/claude-opus-4.8-fast/api", {
    "claude-opus-4-8": [2, 1],
  }),
  ...seen("third-party", "https://openrouter.ai/anthropic/claude-opus-5-fast-20260723", {
    "claude-opus-5": [2, 1],
  }),
  ...seen("third-party", "https://docs.litellm.ai/blog/claude_opus_5_5", {
    "claude-opus-5-5": [2, 1],
  }),
]);

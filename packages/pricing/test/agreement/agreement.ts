import { calcPrice } from "@pydantic/genai-prices";
import type { CallCost, TokenUsage } from "@tollgate/core";
import { bundledCatalogue } from "../../src/catalogue.ts";
import { findCorrections } from "../../src/corrections/index.ts";
import { createPricer } from "../../src/index.ts";

/** Usages in our words and in the calculator's. */
const USAGES: readonly (readonly [ours: TokenUsage, theirs: Record<string, number>])[] = [
  [1_000, 0, 500, 0, 0],
  [0, 0, 1, 0, 0],
  [127_999, 100_000, 8_000, 0, 0],
  [200_001, 150_000, 8_000, 0, 0],
  [271_999, 1, 8_000, 0, 0],
  [272_000, 1, 8_000, 0, 0],
  [272_001, 272_000, 8_000, 0, 1],
  [900_000, 400_000, 64_000, 300_000, 0],
  [10_000, 0, 5_000, 0, 0, 4_000, 2_000],
].map(([input = 0, read = 0, output = 0, write = 0, searches = 0, heard = 0, spoken = 0]) => [
  {
    inputTokens: input,
    cacheReadTokens: read,
    cacheWriteTokens: write,
    outputTokens: output,
    webSearchRequests: searches,
    audioInputTokens: heard,
    audioOutputTokens: spoken,
  },
  {
    input_tokens: input,
    cache_read_tokens: read,
    cache_write_tokens: write,
    output_tokens: output,
    web_searches: searches,
    input_audio_tokens: heard,
    output_audio_tokens: spoken,
  },
]);

const TIMES = [
  "2025-01-15T20:00:00Z",
  "2026-03-12T23:59:59Z",
  "2026-03-13T00:00:00Z",
  "2026-09-01T02:00:00Z",
  "2026-09-23T12:00:00Z",
  "2027-01-01T00:00:00Z",
].map((time) => Date.parse(time));

/** Why two prices may differ; `undefined` would be a mistake of ours. */
export type Reason =
  | "no price for tokens"
  | "found without its place and version, and flagged"
  | "no price for searches"
  | "a correction holds"
  | "Claude's cache writes cost more than its input"
  | "the calculator refuses its own entry";

/** The first difference between our price of a model and the calculator's. */
export interface Disagreement {
  readonly provider: string;
  readonly model: string;
  /** Whole nano-USD. */
  readonly ours: number | undefined;
  readonly theirs: number | undefined;
  readonly timeMs: number;
  readonly usage: TokenUsage;
  readonly reason: Reason | undefined;
  /** What is wrong in the catalogue, and the pages that say so. */
  readonly corrections: readonly string[];
}

export interface Agreement {
  /** How many models were compared, with every usage at every time. */
  readonly models: number;
  /** At most one per model and reason. */
  readonly disagreements: readonly Disagreement[];
}

/** Compares the price of every model of the bundled catalogue with that of the catalogue's own calculator. */
export function compareWithCalculator(): Agreement {
  const pricer = createPricer();
  const found = new Map<string, Disagreement>();
  let models = 0;
  for (const { id: provider, models: listed } of bundledCatalogue.providers()) {
    for (const { id: model, prices } of listed) {
      models++;
      const corrected = findCorrections(provider, model, bundledCatalogue.date).length > 0;
      const changes = corrected || Array.isArray(prices);
      for (const [usage, theirUsage] of USAGES) {
        for (const timeMs of changes ? TIMES : TIMES.slice(0, 1)) {
          const cost = pricer.priceCall(usage, { provider, model, timeMs });
          const theirs = calculate(theirUsage, provider, model, timeMs);
          const difference = compare(cost, theirs, { provider, model, timeMs, usage });
          if (difference === undefined) continue;
          const key = `${provider} ${model} ${difference.reason}`;
          if (!found.has(key)) found.set(key, difference);
        }
      }
    }
  }
  return { models, disagreements: [...found.values()] };
}

interface Calculated {
  readonly nanoUsd: number;
  readonly pricesWrites: boolean;
}

function calculate(
  usage: Record<string, number>,
  providerId: string,
  model: string,
  timeMs: number,
): Calculated | "refused" | undefined {
  try {
    const price = calcPrice(usage, model, { providerId, timestamp: new Date(timeMs) });
    if (price === null) return undefined;
    return {
      nanoUsd: price.total_price * 1e9,
      pricesWrites: price.model_price["cache_write_mtok"] !== undefined,
    };
  } catch {
    return "refused";
  }
}

type Compared = Pick<Disagreement, "provider" | "model" | "timeMs" | "usage">;

function compare(
  cost: CallCost,
  theirs: Calculated | "refused" | undefined,
  compared: Compared,
): Disagreement | undefined {
  const nanoUsd = theirs === "refused" ? undefined : theirs?.nanoUsd;
  if (isSame(cost.totalNanoUsd, nanoUsd)) return undefined;
  const { provider, model } = compared;
  const corrections = findCorrections(provider, model, bundledCatalogue.date);
  return {
    ...compared,
    ours: cost.totalNanoUsd,
    theirs: nanoUsd,
    reason: corrections.length > 0 ? "a correction holds" : reasonOf(cost, theirs, compared),
    corrections: [...new Set(corrections.map(({ reason, source }) => `${reason} (${source})`))],
  };
}

/** Rounded up once, and prices of a twelfth of a dollar rounded up to pico-USD. */
function isSame(ours: number | undefined, theirs: number | undefined): boolean {
  if (ours === undefined || theirs === undefined) return ours === theirs;
  return ours >= theirs * (1 - 1e-12) && ours <= theirs * (1 + 1e-5) + 1;
}

function reasonOf(
  ours: CallCost,
  theirs: Calculated | "refused" | undefined,
  { model, usage }: Compared,
): Reason | undefined {
  if (theirs === "refused") return "the calculator refuses its own entry";
  // What has no price is nothing to the calculator; some patterns leave out the model's own id.
  if (ours.totalNanoUsd === undefined && (theirs?.nanoUsd ?? 0) === 0) return "no price for tokens";
  if (theirs === undefined) {
    return ours.match === "prefix" ? "found without its place and version, and flagged" : undefined;
  }
  return isClaudesWrites(model, usage, theirs)
    ? "Claude's cache writes cost more than its input"
    : noSearches(ours, usage);
}

function isClaudesWrites(model: string, usage: TokenUsage, { pricesWrites }: Calculated): boolean {
  return (usage.cacheWriteTokens ?? 0) > 0 && !pricesWrites && model.includes("claude");
}

function noSearches({ partial }: CallCost, { webSearchRequests }: TokenUsage): Reason | undefined {
  return partial && webSearchRequests ? "no price for searches" : undefined;
}

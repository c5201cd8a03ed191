import type { Ratio } from "./decimal.ts";
import { baseName } from "./model-names.ts";
import type { Scaling } from "./rates.ts";
import { catalogueId } from "./provider-ids.ts";
import { FAST_MODE, OPENAI_PRIORITY, type Premium } from "./premiums.ts";
import { CHEAP_TIERS, PRIORITY_TIERS, type TierRule } from "./tier-prices.ts";

/** What a price depends on besides model, time and usage, in the words of the wire. */
export interface BillingTerms {
  readonly serviceTier?: string | undefined;
  readonly speed?: string | undefined;
  readonly region?: string | undefined;
}

/** `unknown` is one that nobody had heard of when this was written: what it costs is not known either. */
export type Tier = "standard" | "batch" | "flex" | "priority" | "unknown";

const TIERS: ReadonlyMap<string, Tier> = new Map([
  ["batch", "batch"],
  ["flex", "flex"],
  ["fast", "priority"],
  ["priority", "priority"],
  // Vertex AI's types of traffic.
  ["on_demand_flex", "flex"],
  ["on_demand_priority", "priority"],
]);

const PLAIN_TIERS: ReadonlySet<string | undefined> = new Set([
  undefined,
  "default",
  "auto",
  "standard",
  "standard_only",
  "on_demand",
  "unspecified",
  "service_tier_unspecified",
  "traffic_type_unspecified",
]);
const PLAIN_REGIONS: ReadonlySet<string | undefined> = new Set([
  undefined,
  "global",
  "not_available",
]);

/** True for calls at the list price, nearly all: these need no more than this look. */
export function arePlain({ serviceTier, speed, region }: BillingTerms): boolean {
  return speed !== "fast" && PLAIN_TIERS.has(serviceTier) && PLAIN_REGIONS.has(region);
}

/** How terms change a list price. */
export interface TermsEffect {
  /** `undefined`: not at all. */
  readonly scaling: Scaling | undefined;
  /** True when the terms cost more by an amount that is not known. */
  readonly understated: boolean;
  /** The day on which a premium was seen that only third parties have; `undefined`: there is none in it. */
  readonly thirdPartySince: string | undefined;
}

export function tierOf(serviceTier: string | undefined): Tier {
  const name = serviceTier?.toLowerCase();
  if (name === undefined || PLAIN_TIERS.has(name)) return "standard";
  return TIERS.get(name) ?? "unknown";
}

const TIER_NUMBERS: Readonly<Record<Tier, number>> = {
  standard: 0,
  batch: 1,
  flex: 2,
  priority: 3,
  unknown: 4,
};

/** Numbers the few sets of terms that differ in price; a small whole number, 0 at the list price. */
export function numberTerms({ serviceTier, speed, region }: BillingTerms): number {
  const fast = speed === "fast" ? 1 : 0;
  const regional = PLAIN_REGIONS.has(region) ? 0 : 1;
  // Anthropic counts one region of several.
  const us = regional === 1 && region === "us" ? 1 : 0;
  return ((TIER_NUMBERS[tierOf(serviceTier)] * 2 + fast) * 2 + regional) * 2 + us;
}

/** @param id - a name of the model in lower case, without a provider's path before it. */
export function effectOf(provider: string, id: string, terms: BillingTerms): TermsEffect {
  const providerId = catalogueId(provider);
  const model = baseName(id);
  const tier = tierOf(terms.serviceTier);
  const place = isRegional(providerId, provider, model, terms.region) ? REGIONAL : ONE;
  const premiums = [
    premiumOf(tier, providerId, id, model),
    terms.speed === "fast" ? fastOf(providerId, model) : NONE,
  ];
  const cheap = CHEAP_TIERS[providerId]?.[tier];
  const ratios = [...premiums, cheap].map((rule) => rule?.tokens);
  const tokens = [...ratios, place].reduce<Ratio>(multiply, ONE);
  return {
    understated: premiums.includes(undefined),
    thirdPartySince: premiums.find((premium) => premium?.confirmed === "third-party")?.checkedOn,
    scaling: isOne(tokens) ? undefined : { tokens, ...cachedAt(cheap, place) },
  };
}

const ONE: Ratio = [1, 1];
const NONE: PremiumRule = { tokens: ONE };
const REGIONAL: Ratio = [11, 10];

type PremiumRule = Pick<Premium, "tokens"> & Partial<Premium>;

function cachedAt(rule: TierRule | undefined, place: Ratio): Pick<Scaling, "cacheReads"> {
  return rule?.cacheReads === undefined ? {} : { cacheReads: multiply(rule.cacheReads, place) };
}

/** What is not known changes nothing. */
function multiply([a, b]: Ratio, [c, d]: Ratio = ONE): Ratio {
  return [a * c, b * d];
}

function isOne([numerator, denominator]: Ratio): boolean {
  return numerator === denominator;
}

/** `undefined` when a tier costs more by an amount that is not known. */
function premiumOf(
  tier: Tier,
  providerId: string,
  id: string,
  model: string,
): PremiumRule | undefined {
  if (tier === "unknown") return undefined;
  return tier === "priority" ? priorityOf(providerId, id, model) : NONE;
}

function priorityOf(providerId: string, id: string, model: string): PremiumRule | undefined {
  if (providerId === "openai") return OPENAI_PRIORITY.get(id) ?? OPENAI_PRIORITY.get(model);
  return PRIORITY_TIERS[providerId];
}

/** `undefined` as well; that of clouds is not known. */
function fastOf(providerId: string, model: string): PremiumRule | undefined {
  return providerId === "anthropic" ? FAST_MODE.get(model) : undefined;
}

/** OpenAI's premium for data residency is for models from 5 March 2026 on. */
const OPENAI_REGIONAL = /^gpt-(?:5\.[4-9]|[6-9])/;
/** Anthropic's premium on clouds is for models from Claude 4.5 on. */
const CLAUDE_REGIONAL = /^claude-(?:[a-z]+-(?:4-[5-9]|[5-9])|[a-z]+-4\.[5-9])/;

/** Bedrock's places are in the model's id and in the price list. */
function isRegional(
  providerId: string,
  provider: string,
  model: string,
  region: string | undefined,
): boolean {
  if (PLAIN_REGIONS.has(region)) return false;
  if (providerId === "anthropic") return region === "us";
  if (providerId === "openai") return OPENAI_REGIONAL.test(model);
  return providerId === "google" && provider !== "gcp.gemini" && CLAUDE_REGIONAL.test(model);
}

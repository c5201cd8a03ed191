import { z } from "zod";
import { DECIMAL, decimalsOf, type UsdPrice } from "./decimal.ts";
import { TOKEN_PRICE_KEYS, type ListedPrices } from "./listed-prices.ts";
import type { Tier } from "./billing-terms.ts";

/** What a model of your own costs by the hour. */
export interface SelfHosted {
  /** US dollars for an hour of one GPU. */
  readonly usdPerGpuHour: UsdPrice;
  /** How many GPUs serve the model. @defaultValue 1 */
  readonly gpus?: number | undefined;
  /** Tokens per second that all of them make together under your usual load. */
  readonly tokensPerSecond: number;
  /** Input tokens per second that they read. @defaultValue `tokensPerSecond` */
  readonly inputTokensPerSecond?: number | undefined;
}

/**
 * What a model costs you: a contract, a model of your own, a price that changed. Beats what a provider
 * says it billed, and the catalogue. Needs `inputPerMtok` and `outputPerMtok`, fees, `selfHosted`, or
 * `discountPercent` alone, which is off the catalogue's price.
 */
export interface PriceOverride extends ListedPrices {
  /** `gen_ai.provider.name`, such as `openai` or `azure.ai.openai`. */
  readonly provider: string;
  /** A model id, or a pattern in which `*` stands for any characters. Letter case does not matter. */
  readonly model: string;
  /** For this service tier only. @defaultValue all tiers, at these very prices */
  readonly serviceTier?: Tier | undefined;
  readonly selfHosted?: SelfHosted | undefined;
  /** Per cent off these prices, or off the catalogue's where there are none; 0 to 100. */
  readonly discountPercent?: UsdPrice | undefined;
  /** A day or moment in UTC, `2026-01-01` or `2026-01-01T08:00:00Z`. @defaultValue always */
  readonly effectiveFrom?: string | undefined;
  /** The first day or moment at which it no longer holds. @defaultValue never */
  readonly effectiveUntil?: string | undefined;
  /** For people: the contract, the exchange rate and its day. All prices are US dollars. */
  readonly note?: string | undefined;
}

const MAX_USD_PER_MTOK = 100_000;
const MAX_USD_PER_UNIT = 1_000;

function usdSchema(maxUsd: number, decimals: number, unit: string): z.ZodType<UsdPrice, UsdPrice> {
  const wanted = `use US dollars per ${unit}, a number from 0 on such as 2.5`;
  return z.union([z.number(), z.string()], { error: wanted }).superRefine((price, context) => {
    const problem = priceProblem(price, maxUsd, decimals, unit, wanted);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
}

function priceProblem(
  price: UsdPrice,
  maxUsd: number,
  decimals: number,
  unit: string,
  wanted: string,
): string | undefined {
  const usd = typeof price === "number" || DECIMAL.test(price) ? Number(price) : Number.NaN;
  if (!(usd >= 0)) return wanted;
  if (usd > maxUsd) {
    return `more than $${maxUsd} per ${unit} is absurd; did you mean US dollars per ${unit}?`;
  }
  const units = Number((usd * 10 ** decimals).toPrecision(15));
  return !Number.isInteger(units) || decimalsOf(price) > decimals
    ? `use at most ${decimals} decimals`
    : undefined;
}

const perMtok = usdSchema(MAX_USD_PER_MTOK, 6, "million tokens").optional();
const perUnit = (unit: string): z.ZodOptional<z.ZodType<UsdPrice, UsdPrice>> =>
  usdSchema(MAX_USD_PER_UNIT, 9, unit).optional();

const tokenPrices = {
  inputPerMtok: perMtok,
  outputPerMtok: perMtok,
  cacheReadPerMtok: perMtok,
  cacheWritePerMtok: perMtok,
  cacheWrite1hPerMtok: perMtok,
  reasoningPerMtok: perMtok,
  audioInputPerMtok: perMtok,
  audioCacheReadPerMtok: perMtok,
  audioOutputPerMtok: perMtok,
  imageInputPerMtok: perMtok,
  imageCacheReadPerMtok: perMtok,
  imageOutputPerMtok: perMtok,
  videoInputPerMtok: perMtok,
};

const positive = (unit: string): z.ZodNumber =>
  z.number({ error: `use a number of ${unit}` }).positive(`use a number of ${unit} above 0`);

const momentSchema = z
  .string({ error: "write a day or a moment, such as 2026-01-01 or 2026-01-01T08:00:00Z" })
  .refine(isMoment, "write a day or a moment, such as 2026-01-01 or 2026-01-01T08:00:00Z");

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function isMoment(text: string): boolean {
  if (!MOMENT.test(text) || Number.isNaN(Date.parse(text))) return false;
  // Some days are read as one of the next month.
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const tokensSchema = z
  .int({ error: "use a whole number of tokens" })
  .nonnegative("use a whole number of tokens from 0 on");

const shape = {
  provider: z.string().min(1, "name the provider, such as openai"),
  model: z.string().min(1, "name the model, or use * for all of this provider's"),
  ...tokenPrices,
  perRequest: perUnit("request"),
  perWebSearch: perUnit("web search"),
  perFileSearch: perUnit("file search"),
  perCodeExecution: perUnit("sandbox"),
  perSearchUnit: perUnit("search"),
  perImage: perUnit("image"),
  perAudioHour: perUnit("hour"),
  perMillionCharacters: perUnit("million characters"),
  perPage: perUnit("page"),
  tiers: z.array(z.strictObject({ aboveInputTokens: tokensSchema, ...tokenPrices })).optional(),
  tierMode: z.enum(["request", "marginal"]).optional(),
  serviceTier: z.enum(["standard", "batch", "flex", "priority"]).optional(),
  selfHosted: z
    .strictObject({
      usdPerGpuHour: usdSchema(MAX_USD_PER_UNIT, 9, "GPU hour"),
      gpus: positive("GPUs").optional(),
      tokensPerSecond: positive("tokens per second"),
      inputTokensPerSecond: positive("tokens per second").optional(),
    })
    .optional(),
  discountPercent: z
    .union([z.number(), z.string()], { error: "use per cent from 0 to 100" })
    .refine(isPercent, "use per cent from 0 to 100 with at most 4 decimals, such as 12.5")
    .optional(),
  effectiveFrom: momentSchema.optional(),
  effectiveUntil: momentSchema.optional(),
  note: z.string().optional(),
};

function isPercent(percent: UsdPrice): boolean {
  return priceProblem(percent, 100, 4, "cent", "") === undefined;
}

/** Unknown keys fail: a misspelt price must never mean "no price". */
export const priceOverrideSchema: z.ZodType<PriceOverride, PriceOverride> = z
  .strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown key ${issue.keys.join(", ")}; the keys are ${Object.keys(shape).join(", ")}`
        : undefined,
  })
  .superRefine((override, context) => {
    for (const [key, message] of contradictions(override)) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  });

type Complaint = readonly [key: string, message: string];

const TOKEN_KEYS: ReadonlySet<string> = new Set([...Object.keys(TOKEN_PRICE_KEYS), "tiers"]);

function contradictions(override: PriceOverride): readonly Complaint[] {
  return [...missingPrices(override), ...wrongTimes(override), ...sameTiers(override)];
}

function missingPrices(override: PriceOverride): readonly Complaint[] {
  const given = Object.entries(override).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  const hasTokenPrices = given.some((key) => TOKEN_KEYS.has(key));
  if (hasTokenPrices && override.selfHosted !== undefined) {
    return [["selfHosted", "its prices follow from the hour: leave the other prices out"]];
  }
  const isComplete = given.some(
    (key) => key === "selfHosted" || key === "discountPercent" || key.startsWith("per"),
  );
  if (isComplete && !hasTokenPrices) return [];
  const wanted = "use US dollars per million tokens, a number from 0 on such as 2.5";
  return (["inputPerMtok", "outputPerMtok"] as const).flatMap((key) =>
    override[key] === undefined ? [[key, wanted] as const] : [],
  );
}

function wrongTimes({ effectiveFrom, effectiveUntil }: PriceOverride): readonly Complaint[] {
  if (effectiveFrom === undefined || effectiveUntil === undefined) return [];
  return Date.parse(effectiveFrom) < Date.parse(effectiveUntil)
    ? []
    : [["effectiveUntil", "it must be later than effectiveFrom"]];
}

function sameTiers({ tiers = [] }: PriceOverride): readonly Complaint[] {
  const thresholds = new Set(tiers.map(({ aboveInputTokens }) => aboveInputTokens));
  return thresholds.size === tiers.length
    ? []
    : [["tiers", "two tiers begin above the same number of tokens"]];
}

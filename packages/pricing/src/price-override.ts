import { TollgateError } from "@tollgate/core";
import { z } from "zod";
import { catalogueId } from "./catalogue.ts";
import { completeRates, FROM_ZERO, type PriceTable } from "./rates.ts";

/** US dollars: a number, or a decimal number as text. */
export type UsdPrice = number | string;

/** What a model costs you: a contract, a model of your own, a price that changed. Beats the catalogue. */
export interface PriceOverride {
  /** `gen_ai.provider.name`, such as `openai` or `azure.ai.openai`. */
  readonly provider: string;
  /** A model id, or a pattern in which `*` stands for any characters. Letter case does not matter. */
  readonly model: string;
  /** US dollars per million input tokens. */
  readonly inputPerMtok: UsdPrice;
  /** US dollars per million output tokens. */
  readonly outputPerMtok: UsdPrice;
  /** US dollars per million input tokens read from a cache. @defaultValue `inputPerMtok` */
  readonly cacheReadPerMtok?: UsdPrice | undefined;
  /**
   * US dollars per million input tokens written to a cache.
   *
   * @defaultValue `inputPerMtok`; for Claude models 1.25 times that, as Anthropic charges.
   */
  readonly cacheWritePerMtok?: UsdPrice | undefined;
  /**
   * US dollars per million input tokens written to a one-hour cache.
   *
   * @defaultValue `cacheWritePerMtok`; for Claude models twice `inputPerMtok`, as Anthropic charges.
   */
  readonly cacheWrite1hPerMtok?: UsdPrice | undefined;
  /** US dollars for every request, on top of its tokens. @defaultValue 0 */
  readonly perRequest?: UsdPrice | undefined;
}

const MAX_USD_PER_MTOK = 100_000;
const MAX_USD_PER_REQUEST = 1_000;

const DECIMAL = /^\d{1,15}(\.\d+)?$/;

function usdSchema(maxUsd: number, decimals: number, unit: string): z.ZodType<UsdPrice, UsdPrice> {
  const wanted = `use US dollars per ${unit}, a number from 0 on such as 2.5`;
  const usdOf = (price: UsdPrice): number =>
    typeof price === "number" || DECIMAL.test(price) ? Number(price) : Number.NaN;
  return z.union([z.number(), z.string()], { error: wanted }).superRefine((price, context) => {
    const usd = usdOf(price);
    const units = Number((usd * 10 ** decimals).toPrecision(15));
    let problem: string | undefined;
    if (!(usd >= 0)) problem = wanted;
    else if (usd > maxUsd) {
      problem = `more than $${maxUsd} per ${unit} is absurd; did you mean US dollars per ${unit}?`;
    } else if (!Number.isInteger(units) || decimalsOf(price) > decimals) {
      problem = `use at most ${decimals} decimals`;
    }
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
}

/** Written decimals, of text only: what is too fine for a double would silently be lost. */
function decimalsOf(price: UsdPrice): number {
  if (typeof price === "number") return 0;
  return price.replace(/^\d+\.?/, "").replace(/0+$/, "").length;
}

const perMtok = usdSchema(MAX_USD_PER_MTOK, 6, "million tokens");

const shape = {
  provider: z.string().min(1, "name the provider, such as openai"),
  model: z.string().min(1, "name the model, or use * for all of this provider's"),
  inputPerMtok: perMtok,
  outputPerMtok: perMtok,
  cacheReadPerMtok: perMtok.optional(),
  cacheWritePerMtok: perMtok.optional(),
  cacheWrite1hPerMtok: perMtok.optional(),
  perRequest: usdSchema(MAX_USD_PER_REQUEST, 9, "request").optional(),
};

/** Unknown keys fail: a misspelt price must never mean "no price". */
export const priceOverrideSchema: z.ZodType<PriceOverride, PriceOverride> = z.strictObject(shape, {
  error: (issue) =>
    issue.code === "unrecognized_keys"
      ? `unknown key ${issue.keys.join(", ")}; the keys are ${Object.keys(shape).join(", ")}`
      : undefined,
});

/** Finds the override for a model. */
export type OverrideFinder = (provider: string, model: string) => FoundOverride | undefined;

interface FoundOverride {
  /** The `model` of the override, pattern or not. */
  readonly name: string;
  readonly table: PriceTable;
}

/**
 * Checks overrides and makes them searchable; of several that match, the last counts.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` naming the index and the key of every mistake.
 */
export function readOverrides(overrides: readonly PriceOverride[]): OverrideFinder {
  const parsed = z.array(priceOverrideSchema).safeParse(overrides);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${pathText(path)}: ${message}`,
    );
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `Price overrides are invalid: ${problems.join("; ")}`,
    );
  }
  const rules = parsed.data.toReversed();
  return (provider, model) => {
    const id = catalogueId(provider);
    const rule = rules.find(
      (candidate) => catalogueId(candidate.provider) === id && matchesGlob(candidate.model, model),
    );
    return rule && { name: rule.model, table: tableOf(rule, model) };
  };
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => text + (typeof key === "number" ? `[${key}]` : `.${String(key)}`),
    "overrides",
  );
}

function matchesGlob(glob: string, text: string): boolean {
  const [first = "", ...others] = glob.toLowerCase().split("*");
  const wanted = text.trim().toLowerCase();
  const last = others.pop();
  if (last === undefined) return wanted === first;
  if (!wanted.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = wanted.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return wanted.length - last.length >= from && wanted.endsWith(last);
}

function picoUsd(usd: UsdPrice | undefined, picoPerUnit: number): number | undefined {
  return usd === undefined ? undefined : Math.round(Number(usd) * picoPerUnit);
}

function tableOf(override: PriceOverride, model: string): PriceTable {
  const rates = completeRates(
    {
      input: picoUsd(override.inputPerMtok, 1e6),
      output: picoUsd(override.outputPerMtok, 1e6),
      cacheRead: picoUsd(override.cacheReadPerMtok, 1e6),
      cacheWrite: picoUsd(override.cacheWritePerMtok, 1e6),
      cacheWrite1h: picoUsd(override.cacheWrite1hPerMtok, 1e6),
    },
    model,
  );
  return {
    tiers: [{ aboveInputTokens: FROM_ZERO, rates }],
    picoUsdPerRequest: picoUsd(override.perRequest, 1e12) ?? 0,
    picoUsdPerWebSearch: undefined,
  };
}

import { TollgateError } from "@tollgate/core";
import { catalogueId } from "./catalogue.ts";
import { findMistakes } from "./override-mistakes.ts";
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
  const mistakes = overrides.flatMap((override, index) =>
    findMistakes(override).map(({ key, message }) => {
      const place = key === undefined ? `overrides[${index}]` : `overrides[${index}].${key}`;
      return `${place}: ${message}`;
    }),
  );
  if (mistakes.length > 0) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `Price overrides are invalid: ${mistakes.join("; ")}`,
    );
  }
  const rules = overrides.map((override) => ({ ...override })).toReversed();
  return (provider, model) => {
    const id = catalogueId(provider);
    const rule = rules.find(
      (candidate) => catalogueId(candidate.provider) === id && matchesGlob(candidate.model, model),
    );
    return rule && { name: rule.model, table: tableOf(rule, model) };
  };
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

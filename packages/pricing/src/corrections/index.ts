import { matchesGlob } from "../glob.ts";
import { tableOf } from "../listed-prices.ts";
import { parseTimeOfDay, type PriceCondition, type ScheduledPrice } from "../schedule.ts";
import { ANTHROPIC_CORRECTIONS } from "./anthropic.ts";
import type { PriceCorrection } from "./correction.ts";
import { COHERE_CORRECTIONS } from "./cohere.ts";
import { DEEPSEEK_CORRECTIONS } from "./deepseek.ts";
import { MISTRAL_CORRECTIONS } from "./mistral.ts";
import { OPENAI_CORRECTIONS } from "./openai.ts";
import { OPENROUTER_CORRECTIONS } from "./openrouter.ts";

/** Where the catalogue is wrong, by rank: of several that hold at a time the last counts. */
export const CORRECTIONS: readonly PriceCorrection[] = [
  ...OPENAI_CORRECTIONS,
  ...ANTHROPIC_CORRECTIONS,
  ...COHERE_CORRECTIONS,
  ...DEEPSEEK_CORRECTIONS,
  ...MISTRAL_CORRECTIONS,
  ...OPENROUTER_CORRECTIONS,
];

/**
 * The corrections for a model.
 *
 * @param catalogueDate - of the data that they correct; later data is taken as it is. `undefined`: all.
 */
export function findCorrections(
  providerId: string,
  id: string,
  catalogueDate: string | undefined,
): readonly PriceCorrection[] {
  return CORRECTIONS.filter(
    ({ provider, models, checkedOn }) =>
      provider === providerId &&
      (catalogueDate === undefined || checkedOn > catalogueDate) &&
      models.some((model) => matchesGlob(model, id)),
  );
}

export function scheduleCorrection(correction: PriceCorrection, id: string): ScheduledPrice {
  return {
    condition: conditionOf(correction),
    table: tableOf(correction.prices, id),
    origin: {
      priceSource: "catalogue",
      pricedModel: correction.models.find((model) => matchesGlob(model, id)),
      match: "exact",
      catalogueVersion: versionOf(correction),
      catalogueDate: correction.checkedOn,
    },
  };
}

function versionOf({ confirmed, checkedOn }: PriceCorrection): string {
  return confirmed === "provider"
    ? `corrections/${checkedOn}`
    : `corrections/${confirmed}/${checkedOn}`;
}

function conditionOf({ effectiveFrom, effectiveUntil, daily }: PriceCorrection): PriceCondition {
  return {
    fromMs: effectiveFrom === undefined ? undefined : Date.parse(effectiveFrom),
    untilMs: effectiveUntil === undefined ? undefined : Date.parse(effectiveUntil),
    daily: daily && {
      fromMs: parseTimeOfDay(`${daily.from}:00Z`),
      toMs: parseTimeOfDay(`${daily.to}:00Z`),
      weekdaysOnly: daily.weekdaysOnly,
    },
  };
}

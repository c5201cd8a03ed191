import { addLine, createInvoice, totalOf } from "./invoice.ts";
import type { PriceTable, Rates } from "./rates.ts";

const INPUT_CLASSES = [
  "input",
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "audioInput",
  "audioCacheRead",
  "imageInput",
  "imageCacheRead",
  "videoInput",
] as const satisfies readonly (keyof Rates)[];

const OUTPUT_CLASSES = [
  "output",
  "reasoning",
  "audioOutput",
  "imageOutput",
] as const satisfies readonly (keyof Rates)[];

/** The dearest class in any tier that so much input can reach. */
function dearest(
  table: PriceTable,
  inputTokens: number,
  classes: readonly (keyof Rates)[],
): number {
  let picoUsd = 0;
  for (const { aboveInputTokens, rates } of table.tiers) {
    if (inputTokens <= aboveInputTokens) continue;
    for (const name of classes) picoUsd = Math.max(picoUsd, rates[name] ?? 0);
  }
  return picoUsd;
}

/** True when a token of some class has a price. */
export function pricesTokens({ tiers: [{ rates }] }: PriceTable): boolean {
  return rates.input !== undefined || rates.output !== undefined;
}

/** Every token at the dearest price there is for it, and the fee of the request. */
export function boundOf(table: PriceTable, inputTokens: number, outputTokens: number): number {
  const invoice = createInvoice();
  addLine(invoice, "input", inputTokens, dearest(table, inputTokens, INPUT_CLASSES));
  addLine(invoice, "output", outputTokens, dearest(table, inputTokens, OUTPUT_CLASSES));
  addLine(invoice, "request", 1, table.fees.request ?? 0);
  return totalOf(invoice).totalNanoUsd;
}

import type { TokenUsage } from "@tollgate/core";
import { addLine, type Invoice } from "./invoice.ts";
import { ratesFor, type PriceTable, type Rates } from "./rates.ts";

/** More than any call has; keeps nonsense within exact arithmetic. */
const MAX_COUNT = 1e12;

/** A count as it can be charged: whole and not negative; what is neither was not said. */
export function readCount(count: number | undefined): number | undefined {
  if (count === undefined || !(count >= 0)) return undefined;
  // There is a negative zero, too.
  return Math.min(Math.ceil(Math.abs(count)), MAX_COUNT);
}

/**
 * What a total leaves beside its part. A part above its total shows that this provider's total does
 * not contain the part, so that both are due.
 */
function rest(total: number, part: number): number {
  return part > total ? total : total - part;
}

/** True when the usage says how much went in or came out. */
export function saysTokens(usage: TokenUsage): boolean {
  return readCount(usage.inputTokens) !== undefined || readCount(usage.outputTokens) !== undefined;
}

/** Adds the usage of one model to an invoice. */
export function itemize(invoice: Invoice, usage: TokenUsage, table: PriceTable): void {
  const read = readCount(usage.cacheReadTokens) ?? 0;
  const write1h = readCount(usage.cacheWrite1hTokens) ?? 0;
  const write = Math.max(readCount(usage.cacheWriteTokens) ?? 0, write1h);
  const input = readCount(usage.inputTokens);
  const uncached = input === undefined ? 0 : rest(input, read + write);
  const rates = ratesFor(table, uncached + read + write);

  if (input === undefined && rates.input !== undefined && rates.input > 0) {
    invoice.incomplete = true;
  }
  addInputLines(invoice, usage, rates, uncached, read);
  addLine(invoice, "cache_write", write - write1h, rates.cacheWrite);
  addLine(invoice, "cache_write", write1h, rates.cacheWrite1h);
  addOutputLines(invoice, usage, rates);
  addLine(invoice, "tool", readCount(usage.webSearchRequests) ?? 0, table.picoUsdPerWebSearch);
}

/**
 * Most providers do not say which of the cached tokens were speech: speech counts as uncached as far
 * as it can then, the dearer reading, since caching takes more off speech than off text.
 */
function addInputLines(
  invoice: Invoice,
  usage: TokenUsage,
  rates: Rates,
  uncached: number,
  read: number,
): void {
  const audio = readCount(usage.audioInputTokens) ?? 0;
  const image = readCount(usage.imageInputTokens) ?? 0;
  const saidAudio = Math.min(readCount(usage.audioCacheReadTokens) ?? 0, audio);
  const saidImage = Math.min(readCount(usage.imageCacheReadTokens) ?? 0, image);
  const freshAudio = Math.min(audio - saidAudio, uncached);
  const freshImage = Math.min(image - saidImage, uncached - freshAudio);
  const readAudio = Math.min(audio - freshAudio, read);
  const readImage = Math.min(image - freshImage, read - readAudio);

  addLine(invoice, "input", uncached - freshAudio - freshImage, rates.input);
  addLine(invoice, "audio_input", freshAudio, rates.audioInput);
  addLine(invoice, "image_input", freshImage, rates.imageInput);
  addLine(invoice, "cache_read", read - readAudio - readImage, rates.cacheRead);
  addLine(invoice, "cache_read", readAudio, rates.audioCacheRead);
  addLine(invoice, "cache_read", readImage, rates.imageCacheRead);
}

function addOutputLines(invoice: Invoice, usage: TokenUsage, rates: Rates): void {
  const output = readCount(usage.outputTokens);
  if (output === undefined) {
    if (rates.output !== undefined && rates.output > 0) invoice.incomplete = true;
    return;
  }
  const reasoning = readCount(usage.reasoningTokens) ?? 0;
  const spoken = rest(output, reasoning);
  const audio = Math.min(readCount(usage.audioOutputTokens) ?? 0, spoken);
  const image = Math.min(readCount(usage.imageOutputTokens) ?? 0, spoken - audio);
  addLine(invoice, "output", spoken - audio - image, rates.output);
  addLine(invoice, "output", reasoning, rates.reasoning);
  addLine(invoice, "audio_output", audio, rates.audioOutput);
  addLine(invoice, "image_output", image, rates.imageOutput);
}

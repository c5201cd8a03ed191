import type { CostType, TokenUsage } from "@tollgate/core";
import { scaleBy } from "./decimal.ts";
import {
  countInput,
  readCount,
  rest,
  sliceInput,
  sumInput,
  type InputCounts,
} from "./input-counts.ts";
import { addLine, type Invoice } from "./invoice.ts";
import { ratesFor, type Fees, type PicoUsd, type PriceTable, type Rates } from "./rates.ts";

/** True when the usage says anything that can be billed. */
export function saysUsage(usage: TokenUsage): boolean {
  return (
    readCount(usage.inputTokens) !== undefined ||
    readCount(usage.outputTokens) !== undefined ||
    usage.webSearchRequests !== undefined ||
    usage.fileSearchRequests !== undefined ||
    usage.codeExecutionSessions !== undefined ||
    saysUnits(usage)
  );
}

/** True when the usage is counted in other units than tokens. */
function saysUnits(usage: TokenUsage): boolean {
  return (
    usage.audioSeconds !== undefined ||
    usage.inputCharacters !== undefined ||
    usage.inputPages !== undefined ||
    usage.outputImages !== undefined ||
    usage.searchUnits !== undefined
  );
}

/** Adds the usage of one model to an invoice. */
export function itemize(invoice: Invoice, usage: TokenUsage, table: PriceTable): void {
  const counts = countInput(usage);
  const rates = ratesFor(table, sumInput(counts));
  const inUnits = saysUnits(usage);
  if (!inUnits && isMissing(usage.inputTokens, rates.input)) invoice.incomplete = true;
  if (table.tierMode === "marginal") addMarginalInput(invoice, counts, table);
  else addInputLines(invoice, counts, rates);
  if (!inUnits && isMissing(usage.outputTokens, rates.output)) invoice.incomplete = true;
  addOutputLines(invoice, usage, rates);
  const tokensBilled = invoice.lines.length > 0;
  addToolFees(invoice, usage, table.fees);
  if (inUnits) addUnits(invoice, usage, table, tokensBilled);
}

/** True for a count that is billed but was not said. */
function isMissing(count: number | undefined, picoUsd: PicoUsd): boolean {
  return picoUsd !== undefined && picoUsd > 0 && readCount(count) === undefined;
}

function addInputLines(invoice: Invoice, counts: InputCounts, rates: Rates): void {
  addLine(invoice, "input", counts.text, rates.input);
  addLine(invoice, "input", counts.video, rates.videoInput);
  addLine(invoice, "audio_input", counts.audio, rates.audioInput);
  addLine(invoice, "image_input", counts.image, rates.imageInput);
  addLine(invoice, "cache_read", counts.read, rates.cacheRead);
  addLine(invoice, "cache_read", counts.readAudio, rates.audioCacheRead);
  addLine(invoice, "cache_read", counts.readImage, rates.imageCacheRead);
  addLine(invoice, "cache_write", counts.write, rates.cacheWrite);
  addLine(invoice, "cache_write_1h", counts.write1h, rates.cacheWrite1h);
}

/** Each token at the rates of the tier that its place in the prompt falls in. */
function addMarginalInput(invoice: Invoice, counts: InputCounts, { tiers }: PriceTable): void {
  for (const [index, { aboveInputTokens, rates }] of tiers.entries()) {
    const to = tiers[index + 1]?.aboveInputTokens ?? Number.POSITIVE_INFINITY;
    addInputLines(invoice, sliceInput(counts, Math.max(0, aboveInputTokens), to), rates);
  }
}

function addOutputLines(invoice: Invoice, usage: TokenUsage, rates: Rates): void {
  const output = readCount(usage.outputTokens);
  if (output === undefined) return;
  const reasoning = readCount(usage.reasoningTokens) ?? 0;
  const spoken = rest(output, reasoning);
  const audio = Math.min(readCount(usage.audioOutputTokens) ?? 0, spoken);
  const image = Math.min(readCount(usage.imageOutputTokens) ?? 0, spoken - audio);
  addLine(invoice, "output", spoken - audio - image, rates.output);
  addLine(invoice, "output", reasoning, rates.reasoning);
  addLine(invoice, "audio_output", audio, rates.audioOutput);
  addLine(invoice, "image_output", image, rates.imageOutput);
}

function addToolFees(invoice: Invoice, usage: TokenUsage, fees: Fees): void {
  addLine(invoice, "tool", readCount(usage.webSearchRequests) ?? 0, fees.webSearch);
  addLine(invoice, "tool", readCount(usage.fileSearchRequests) ?? 0, fees.fileSearch);
  addLine(invoice, "tool", readCount(usage.codeExecutionSessions) ?? 0, fees.codeExecution);
}

const SECONDS_PER_HOUR = 3_600;

function shareOf(picoUsdPerHour: PicoUsd, seconds: number): PicoUsd {
  return picoUsdPerHour === undefined
    ? undefined
    : scaleBy(picoUsdPerHour, [seconds, SECONDS_PER_HOUR]);
}

/**
 * Units that are billed instead of tokens. Where the tokens are billed, a length beside them is only
 * told; where nothing is, it is something billable without a price.
 */
function addUnits(
  invoice: Invoice,
  usage: TokenUsage,
  { fees, minAudioSeconds = 0 }: PriceTable,
  tokensBilled: boolean,
): void {
  const add = (type: CostType, count: number | undefined, fee: PicoUsd): void => {
    if (fee === undefined && tokensBilled) return;
    addLine(invoice, type, readCount(count) ?? 0, fee);
  };
  const seconds = readCount(usage.audioSeconds) ?? 0;
  const billed = seconds > 0 ? Math.max(seconds, minAudioSeconds) : 0;
  add("audio_input", Math.floor(billed / SECONDS_PER_HOUR), fees.audioHour);
  const restSeconds = billed % SECONDS_PER_HOUR;
  add("audio_input", Math.sign(restSeconds), shareOf(fees.audioHour, restSeconds));
  add("input", usage.inputCharacters, fees.inputCharacter);
  add("input", usage.inputPages, fees.inputPage);
  add("image_output", usage.outputImages, fees.outputImage);
  add("request", usage.searchUnits, fees.searchUnit);
}

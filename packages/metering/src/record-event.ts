import type { CallCost, CostType, TokenUsage, UsageEvent } from "@tollgate/core";
import type { Account, Accounts } from "./accounts.ts";
import type { Modality } from "./counters.ts";
import type { Histograms } from "./instruments.ts";
import { NO_VALUE, type SeriesPicker } from "./series.ts";

/** Adds one event to its account, and to those of other models that took part in the answer. */
export function recordEvent(
  accounts: Accounts,
  histograms: Histograms | undefined,
  event: UsageEvent,
): void {
  const account = accounts.of(event, event.responseModel);
  const { calls = 1 } = event;
  account.requests += calls;
  account.series.requests(event.outcome).sum += calls;
  // Of work in the background nothing is known yet, and the time to take it on is no inference's.
  if (event.outcome === "refused" || event.outcome === "pending") return;

  addCost(account, event.cost);
  if (event.usage !== undefined) {
    if (event.estimated) addEstimated(account, event.usage);
    else addReported(account, event.usage);
  }
  for (const { model, usage } of event.additionalUsage) {
    addReported(accounts.of(event, model), usage);
  }
  if (isUnpriced(event)) account.series.unpricedRequests(NO_VALUE).sum += calls;
  if (event.cost.match === "prefix") account.series.prefixPricedRequests(NO_VALUE).sum += calls;
  if (event.estimated) account.series.estimatedRequests(NO_VALUE).sum += calls;
  // An amount of many calls says nothing of one.
  if (histograms !== undefined && calls === 1) recordHistograms(histograms, account, event);
}

/** False for what was not said, and for what would spoil a sum. */
function isCount(value: number | undefined): value is number {
  return value !== undefined && value > 0 && value <= Number.MAX_SAFE_INTEGER;
}

function add<Value extends string>(
  pick: SeriesPicker<Value>,
  value: Value,
  amount: number | undefined,
): void {
  if (isCount(amount)) pick(value).sum += amount;
}

function addCost(account: Account, { parts, totalNanoUsd }: CallCost): void {
  if (!isCount(totalNanoUsd)) return;
  account.costNanoUsd += totalNanoUsd;
  let type: CostType;
  for (type in parts) add(account.series.cost, type, parts[type]);
}

function addReported(account: Account, usage: TokenUsage): void {
  const { series } = account;
  addTotals(account, usage);
  addByModality(
    series.inputTokens,
    usage.inputTokens,
    usage.audioInputTokens,
    usage.imageInputTokens,
  );
  addByModality(
    series.outputTokens,
    usage.outputTokens,
    usage.audioOutputTokens,
    usage.imageOutputTokens,
  );
  add(series.cacheReadTokens, "unknown", usage.cacheReadTokens);
  add(series.cacheWriteTokens, "unknown", usage.cacheWriteTokens);
  add(series.reasoningTokens, "unknown", usage.reasoningTokens);
}

/** The modalities add up to the total, whatever the provider says of its parts. */
function addByModality(
  pick: SeriesPicker<Modality>,
  total: number | undefined,
  audio = 0,
  image = 0,
): void {
  if (!isCount(total)) return;
  const audioTokens = isCount(audio) ? Math.min(audio, total) : 0;
  const imageTokens = isCount(image) ? Math.min(image, total - audioTokens) : 0;
  add(pick, "audio", audioTokens);
  add(pick, "image", imageTokens);
  add(pick, "unknown", total - audioTokens - imageTokens);
}

function addEstimated(account: Account, usage: TokenUsage): void {
  addTotals(account, usage);
  add(account.series.estimatedTokens, "input", usage.inputTokens);
  add(account.series.estimatedTokens, "output", usage.outputTokens);
}

function addTotals(account: Account, { inputTokens, outputTokens }: TokenUsage): void {
  if (isCount(inputTokens)) account.inputTokens += inputTokens;
  if (isCount(outputTokens)) account.outputTokens += outputTokens;
}

/** Tokens were used, or may have been, and all or some of them have no price. */
function isUnpriced({ cost, usage, additionalUsage, outcome }: UsageEvent): boolean {
  const isKnown = cost.totalNanoUsd !== undefined && cost.priceSource !== "fallback";
  if (isKnown && cost.partial !== true) return false;
  // An answer whose tokens nobody knows cost something; what failed may have cost nothing.
  if (usage === undefined && additionalUsage.length === 0) return !isKnown && outcome === "ok";
  const usedNothing = usage?.inputTokens === 0 && usage.outputTokens === 0;
  return !usedNothing || additionalUsage.length > 0;
}

function recordHistograms(histograms: Histograms, account: Account, event: UsageEvent): void {
  const { durationMs, timeToFirstChunkMs, usage } = event;
  if (durationMs !== undefined && durationMs >= 0) {
    const { attributes } = account.duration(event.errorType ?? NO_VALUE);
    histograms.durationSeconds.record(durationMs / 1000, attributes);
  }
  if (event.streaming && timeToFirstChunkMs !== undefined && timeToFirstChunkMs >= 0) {
    histograms.timeToFirstChunkSeconds.record(timeToFirstChunkMs / 1000, account.labels);
  }
  if (usage === undefined || event.estimated) return;
  if (isCount(usage.inputTokens)) {
    histograms.inputTokens.record(usage.inputTokens, account.labels);
  }
  if (isCount(usage.outputTokens)) {
    histograms.outputTokens.record(usage.outputTokens, account.labels);
  }
}

import { ATTRIBUTION_KEYS, type Attribution, type CallCost, type TokenUsage } from "@tollgate/core";
import type { LedgerEvent } from "../event.ts";
import { createCleaner, isCount, type Cleaner } from "./cleaner.ts";
import { NOTE_CHARS } from "./clean-text.ts";

/** Times before are taken for a mistake: no model was asked then. */
const FIRST_MS = Date.UTC(2000, 0);
const LAST_MS = Date.UTC(2100, 0);
const MAX_TAGS = 128;
const MAX_ANCESTORS = 8;

/** One for all: events are cleaned one after the other, and there are very many. */
const CLEANER = createCleaner();

export interface CleanedEvent {
  readonly event: LedgerEvent;
  readonly cleaned: readonly string[] | undefined;
}

/**
 * Makes an event one that every database keeps and that no sum is spoilt by, whatever somebody sent. Nothing is lost
 * without a word: what was changed is said in `cleaned`.
 *
 * - Text: see `cleanText`; empty attribution says nothing.
 * - Counts: whole and from 0 to 10¹²; money from 0 to 2⁵³ − 1 nano-USD. A fraction is rounded up, all else is unknown.
 * - Times: from the year 2000 to 2100, else when the event was received.
 * - Lists: 256 names, 128 tags, 8 ancestors.
 *
 * @returns the event itself where nothing had to be changed: many wait in memory, and one object is less than two.
 */
export function cleanEvent(event: LedgerEvent, receivedMs: number): CleanedEvent {
  const cleaner = CLEANER;
  cleaner.notes = undefined;
  const { text, name, measure, names } = cleaner;
  const clean: LedgerEvent = {
    key: text("key", event.key),
    source: text("source", event.source),
    sender: name("sender", event.sender),
    scope: name("scope", event.scope),
    ancestors: event.ancestors && names("ancestors", firstOf(event.ancestors, MAX_ANCESTORS)),
    refType: event.refType,
    refId: name("refId", event.refId),
    note: name("note", event.note, NOTE_CHARS),
    id: text("id", event.id),
    fetched: event.fetched,
    timeMs: cleanTime(event.timeMs, receivedMs, cleaner),
    attribution: cleanAttribution(event.attribution, cleaner),
    provider: text("provider", event.provider),
    operation: event.operation,
    api: text("api", event.api),
    requestModel: name("requestModel", event.requestModel),
    responseModel: name("responseModel", event.responseModel),
    responseId: name("responseId", event.responseId),
    streaming: event.streaming,
    usage: event.usage && cleanUsage("usage", event.usage, cleaner),
    additionalUsage:
      event.additionalUsage.length === 0
        ? event.additionalUsage
        : event.additionalUsage.map(({ model, usage }) => ({
            model: text("additionalUsage.model", model),
            usage: cleanUsage("additionalUsage", usage, cleaner),
          })),
    estimated: event.estimated,
    cost: cleanCost(event.cost, cleaner),
    outcome: event.outcome,
    errorType: name("errorType", event.errorType),
    finishReasons: names("finishReasons", event.finishReasons),
    toolCalls: names("toolCalls", event.toolCalls),
    durationMs: measure("durationMs", event.durationMs),
    timeToFirstChunkMs: measure("timeToFirstChunkMs", event.timeToFirstChunkMs),
    chunks: cleaner.count("chunks", event.chunks),
    traceId: name("traceId", event.traceId),
    spanId: name("spanId", event.spanId),
    parentSpanId: name("parentSpanId", event.parentSpanId),
    calls: cleaner.count("calls", event.calls),
  };
  return { event: isSame(event, clean) ? event : clean, cleaned: cleaner.notes };
}

/** Whether all that is kept of one is what the other says. */
function isSame<Kept extends object>(one: Kept, clean: Kept): boolean {
  let key: keyof Kept;
  for (key in clean) if (clean[key] !== one[key]) return false;
  return true;
}

function cleanTime(timeMs: number, receivedMs: number, { note }: Cleaner): number {
  if (timeMs >= FIRST_MS && timeMs < LAST_MS) return Math.floor(timeMs);
  note("timeMs", timeMs);
  return receivedMs;
}

function cleanAttribution(attribution: Attribution, cleaner: Cleaner): Attribution {
  const clean: { -readonly [Key in keyof Attribution]: Attribution[Key] } = {};
  for (const key of ATTRIBUTION_KEYS) {
    const value = attribution[key];
    if (value !== undefined) clean[key] = cleaner.name(key, value);
  }
  clean.iteration = cleaner.count("iteration", attribution.iteration);
  if (attribution.tags !== undefined) clean.tags = cleanTags(attribution.tags, cleaner);
  return isSame(attribution, clean) ? attribution : clean;
}

function cleanTags(
  tags: Readonly<Record<string, string>>,
  { note, text }: Cleaner,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) note("tags", `${entries.length} tags`);
  return Object.fromEntries(
    entries
      .slice(0, MAX_TAGS)
      .map(([key, value]) => [text("tags", key), text(`tags.${key}`, value)]),
  );
}

function cleanUsage(path: string, usage: TokenUsage, { count }: Cleaner): TokenUsage {
  let clean: TokenUsage = usage;
  let key: keyof TokenUsage;
  for (key in usage) {
    const value = usage[key];
    if (isCount(value)) continue;
    const cleaned = count(`${path}.${key}`, value);
    if (cleaned !== value) clean = { ...clean, [key]: cleaned };
  }
  return clean;
}

function cleanCost(cost: CallCost, { count, note, name }: Cleaner): CallCost {
  const { totalNanoUsd, parts, pricedModel } = cost;
  const total = count("cost.totalNanoUsd", totalNanoUsd, Number.MAX_SAFE_INTEGER);
  const model = name("cost.pricedModel", pricedModel);
  const amounts = Object.values(parts);
  if (total === totalNanoUsd && model === pricedModel && amounts.every(isRight)) return cost;
  const wrong = Object.entries(parts).filter(([, amount]) => !isRight(amount));
  for (const [type, amount] of wrong) note(`cost.parts.${type}`, amount);
  const kept = Object.entries(parts).filter(([, amount]) => isRight(amount));
  return { ...cost, totalNanoUsd: total, parts: Object.fromEntries(kept), pricedModel: model };
}

function isRight(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 0;
}

function firstOf<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.length > most ? items.slice(0, most) : items;
}

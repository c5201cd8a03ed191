import type { Attribution, GenAiOperation } from "@tollgate/core";
import type { Attributes, LogRecord, SpanRecord } from "../../otlp/records.ts";
import type { Sighting } from "../dialect.ts";
import {
  readFlag,
  readMilliseconds,
  readSeconds,
  readText,
  readTexts,
  readUsd,
} from "./attribute-values.ts";
import { factsIn, type FactNames, type Facts } from "./facts.ts";
import { operationOf } from "./operations.ts";
import { endingOf, endingOfSpan, type Ending } from "./outcome.ts";
import { canonicalProvider } from "./providers.ts";
import { ALL_WITHIN, usageIn, type Counting } from "./token-usage.ts";

/** How a dialect's attributes are read. */
export interface Reading {
  readonly names: FactNames;
  readonly counting?: Counting;
  /** Of a sender that speaks to one provider only. */
  readonly provider?: string;
  /** What some names of operations mean here, where that is not what they mean elsewhere. */
  readonly operations?: ReadonlyMap<string, GenAiOperation>;
}

/** @returns `undefined` for a span that is no call: an agent, a tool, something without model and usage. */
export function sightSpan(span: SpanRecord, reading: Reading): Sighting | undefined {
  const facts = factsIn(span.attributes, reading.names);
  const durationMs = readMilliseconds(span.endMs - span.startMs);
  return sight(facts, reading, {
    timeMs: span.startMs,
    durationMs,
    ending: endingOfSpan(span, facts("errorType", readText)),
  });
}

/** As {@link sightSpan}; a log is written at the end of the call it tells of. */
export function sightLog(log: LogRecord, reading: Reading): Sighting | undefined {
  const facts = factsIn(log.attributes, reading.names);
  const durationMs = facts("durationMs", readMilliseconds);
  return sight(facts, reading, {
    timeMs: log.timeMs - (durationMs ?? 0),
    durationMs,
    ending: endingOf(facts("errorType", readText)),
  });
}

interface When {
  readonly timeMs: number;
  readonly durationMs: number | undefined;
  readonly ending: Ending;
}

function sight(facts: Facts, reading: Reading, when: When): Sighting | undefined {
  const usage = usageIn(facts, reading.counting ?? ALL_WITHIN);
  const requestModel = facts("requestModel", readText);
  const responseModel = facts("responseModel", readText);
  const operation = callIn(facts, reading, usage !== undefined);
  const isNamed = requestModel !== undefined || responseModel !== undefined;
  if (operation === undefined || (usage === undefined && !isNamed)) return undefined;
  const timeToFirstChunkMs =
    facts("timeToFirstChunkS", readSeconds) ?? facts("timeToFirstChunkMs", readMilliseconds);
  const costNanoUsd = facts("costUsd", readUsd);
  return {
    key: facts("key", readText),
    sender: facts("sender", readText),
    provider: facts("provider", canonicalProvider) ?? reading.provider,
    operation,
    requestModel,
    responseModel,
    responseId: facts("responseId", readText),
    serviceTier: facts("serviceTier", readText),
    usage,
    costNanoUsd,
    priceSource: costNanoUsd === undefined ? undefined : "sender",
    timeMs: when.timeMs,
    durationMs: when.durationMs,
    timeToFirstChunkMs,
    streaming: facts("streaming", readFlag) ?? timeToFirstChunkMs !== undefined,
    ...when.ending,
    finishReasons: facts("finishReasons", readTexts),
    toolCalls: facts("toolCalls", readTexts),
    attribution: attributionIn(facts),
  };
}

/** An operation that nobody knows is a call when it used tokens: what holds other calls is found out by its place. */
function callIn(facts: Facts, reading: Reading, used: boolean): GenAiOperation | undefined {
  const name = facts("operation", readText);
  if (name === undefined) return "chat";
  const operation = reading.operations?.get(name.toLowerCase()) ?? operationOf(name);
  if (operation !== "unknown") return operation;
  return used ? "chat" : undefined;
}

const OWNERS = [
  "organization",
  "project",
  "agent",
  "session",
  "user",
  "repository",
  "commit",
  "release",
] as const;

function attributionIn(facts: Facts): Attribution | undefined {
  const said = OWNERS.flatMap((owner) => {
    const name = facts(owner, readText);
    return name === undefined ? [] : [[owner, name] as const];
  });
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** The attributes with some more under names of our own, for what stands in JSON or in two places. */
export function withAttributes<Told extends { readonly attributes: Attributes }>(
  record: Told,
  more: Attributes,
): Told {
  return { ...record, attributes: { ...record.attributes, ...more } };
}

import type { PriceSource } from "@tollgate/core";
import * as names from "@tollgate/core/semconv";
import type { Attributes } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { readFlag, readText, readUsd } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { CURRENT_NAMES } from "./reading/gen-ai-names.ts";
import { sightSpan } from "./reading/sight.ts";

const SCOPE = "@tollgate/instrumentation";

const NAMES: FactNames = { ...CURRENT_NAMES, toolCalls: [names.ATTR_TOOL_CALLS] };

const PRICE_SOURCES: readonly PriceSource[] = [
  "override",
  "provider",
  "sender",
  "catalogue",
  "fallback",
];

/** Our own instrumentation, on spans of its own or on those of an SDK that it added to. */
export const instrumentation: Dialect = {
  id: "instrumentation",
  about: {
    title: "Tollgate's own instrumentation",
    senders: "`@tollgate/instrumentation`, on its own spans and on those of SDKs that it adds to.",
    evidence: "run",
    fields: [
      { source: `\`${names.ATTR_CALL_ID}\``, becomes: "call id: the call is charged already" },
      { source: `\`${names.ATTR_USAGE_COST_AMOUNT}\``, becomes: "cost, as the app priced it" },
      { source: `\`${names.ATTR_USAGE_COST_SOURCE}\``, becomes: "price source" },
      { source: `\`${names.ATTR_USAGE_ESTIMATED}\``, becomes: "estimated" },
      ...fieldsOf(NAMES),
    ],
    counts: "Spans. Its metrics are known and not read: they add up the same calls.",
  },
  reads: {
    names: [
      ...namesOf(NAMES),
      names.ATTR_CALL_ID,
      names.ATTR_OUTCOME,
      names.ATTR_USAGE_ESTIMATED,
      names.ATTR_USAGE_COST_AMOUNT,
      names.ATTR_USAGE_COST_CURRENCY,
      names.ATTR_USAGE_COST_SOURCE,
    ],
  },
  claimsSpan: ({ attributes, origin }) =>
    attributes[names.ATTR_CALL_ID] !== undefined || origin.scopeName === SCOPE,
  readSpan(span) {
    const callId = readText(span.attributes[names.ATTR_CALL_ID]);
    const seen = callId === undefined ? undefined : sightSpan(span, { names: NAMES });
    if (seen === undefined) return undefined;
    const isPending = span.attributes[names.ATTR_OUTCOME] === "pending";
    return {
      ...seen,
      callId,
      ...costIn(span.attributes),
      estimated: readFlag(span.attributes[names.ATTR_USAGE_ESTIMATED]) ?? false,
      outcome: isPending ? "pending" : seen.outcome,
    };
  },
  claimsLog: ({ origin }) => origin.scopeName === SCOPE,
  claimsPoint: ({ origin }) => origin.scopeName === SCOPE,
};

function costIn(attributes: Attributes): {
  readonly costNanoUsd?: number;
  readonly priceSource?: PriceSource;
} {
  const amount = attributes[names.ATTR_USAGE_COST_AMOUNT];
  // Of ours, zero is a price: that of a call which is free.
  const costNanoUsd = amount === 0 ? 0 : readUsd(amount);
  if (costNanoUsd === undefined || attributes[names.ATTR_USAGE_COST_CURRENCY] !== "USD") return {};
  const said = readText(attributes[names.ATTR_USAGE_COST_SOURCE]);
  return { costNanoUsd, priceSource: PRICE_SOURCES.find((source) => source === said) ?? "sender" };
}

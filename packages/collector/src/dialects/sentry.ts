import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { Dialect } from "./dialect.ts";
import { readText } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { sightSpan, withAttributes } from "./reading/sight.ts";

const OP = "sentry.op";
const PREFIX = foreign.GEN_AI_PREFIX;

const NAMES: FactNames = {
  ...LEGACY_NAMES,
  cacheReadTokens: [
    foreign.ATTR_USAGE_INPUT_TOKENS_CACHED,
    ...(LEGACY_NAMES.cacheReadTokens ?? []),
  ],
  cacheWriteTokens: [
    foreign.ATTR_USAGE_INPUT_TOKENS_CACHE_WRITE,
    ...(LEGACY_NAMES.cacheWriteTokens ?? []),
  ],
  reasoningTokens: [
    foreign.ATTR_USAGE_OUTPUT_TOKENS_REASONING,
    ...(LEGACY_NAMES.reasoningTokens ?? []),
  ],
  costUsd: [foreign.ATTR_COST_TOTAL_TOKENS],
  streaming: [foreign.ATTR_RESPONSE_STREAMING, ...(LEGACY_NAMES.streaming ?? [])],
  timeToFirstChunkS: [
    ...(LEGACY_NAMES.timeToFirstChunkS ?? []),
    foreign.ATTR_RESPONSE_TIME_TO_FIRST_TOKEN,
  ],
  user: ["user.email", "user.id"],
};

/** Sentry's SDKs, whose spans leave through OpenTelemetry where the app exports them. */
export const sentry: Dialect = {
  id: "sentry",
  about: {
    title: "Sentry",
    senders:
      "@sentry/node 11.12.0 (run 2026-11-29) and @sentry/conventions 0.33.0. Version 11 sends its spans to Sentry alone; those of 8 to 10, and of other languages, reach an OTLP exporter that the app adds.",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts: `Spans whose \`${OP}\` is \`gen_ai.chat\` and its like; \`gen_ai.invoke_agent\` and \`gen_ai.execute_tool\` are no calls.`,
    limits: [
      "Input includes what a cache served, by Sentry's conventions.",
      "The spans of the run were taken from Sentry's own envelopes, not from OTLP.",
    ],
  },
  reads: { names: [...namesOf(NAMES), OP] },
  claimsSpan: ({ attributes }) => opIn(attributes[OP]) !== undefined,
  readSpan(span) {
    const operation =
      readText(span.attributes[names.ATTR_OPERATION_NAME]) ?? opIn(span.attributes[OP]);
    return sightSpan(withAttributes(span, { [names.ATTR_OPERATION_NAME]: operation }), {
      names: NAMES,
    });
  },
};

function opIn(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith(PREFIX)
    ? value.slice(PREFIX.length)
    : undefined;
}

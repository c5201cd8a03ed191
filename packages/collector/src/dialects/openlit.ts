import * as foreign from "@tollgate/core/semconv/foreign";
import type { Origin } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { sightSpan } from "./reading/sight.ts";

const SDK = "telemetry.sdk.name";
const SCOPE = /^@?openlit/;

const NAMES: FactNames = {
  ...LEGACY_NAMES,
  cacheReadTokens: [
    ...(LEGACY_NAMES.cacheReadTokens ?? []),
    foreign.ATTR_USAGE_PROMPT_TOKENS_DETAILS_CACHE_READ,
  ],
  cacheWriteTokens: [
    ...(LEGACY_NAMES.cacheWriteTokens ?? []),
    foreign.ATTR_USAGE_PROMPT_TOKENS_DETAILS_CACHE_WRITE,
  ],
  reasoningTokens: [
    ...(LEGACY_NAMES.reasoningTokens ?? []),
    foreign.ATTR_USAGE_COMPLETION_TOKENS_DETAILS_REASONING,
  ],
  audioOutputTokens: [foreign.ATTR_USAGE_COMPLETION_TOKENS_DETAILS_AUDIO],
  costUsd: [foreign.ATTR_USAGE_COST],
  streaming: [...(LEGACY_NAMES.streaming ?? []), foreign.ATTR_REQUEST_IS_STREAM],
  timeToFirstChunkS: [
    ...(LEGACY_NAMES.timeToFirstChunkS ?? []),
    foreign.ATTR_SERVER_TIME_TO_FIRST_TOKEN,
  ],
  user: [foreign.ATTR_REQUEST_USER],
};

/** OpenLIT's instrumentations. */
export const openLit: Dialect = {
  id: "openlit",
  about: {
    title: "OpenLIT",
    senders:
      "openlit 1.15.0 for JavaScript (run 2026-11-29); openlit 1.34.43 for Python (run by `pnpm interop`; 1.45.0 read).",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts:
      "Spans of calls; spans of agents, frameworks and vector stores are no calls. Its events repeat its spans and are not read.",
    limits: [
      "Where a stream has no usage, OpenLIT counts tokens by itself and does not say so: such counts look like the provider's.",
    ],
  },
  reads: { names: [...namesOf(NAMES), SDK] },
  claimsSpan: ({ attributes, origin }) => attributes[SDK] === "openlit" || isOpenLit(origin),
  readSpan: (span) => sightSpan(span, { names: NAMES }),
  claimsLog: ({ origin }) => isOpenLit(origin),
};

function isOpenLit({ resource, scopeName }: Origin): boolean {
  return resource[SDK] === "openlit" || SCOPE.test(scopeName);
}

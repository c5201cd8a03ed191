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
    "gen_ai.usage.prompt_tokens_details.cache_read",
  ],
  cacheWriteTokens: [
    ...(LEGACY_NAMES.cacheWriteTokens ?? []),
    "gen_ai.usage.prompt_tokens_details.cache_write",
  ],
  reasoningTokens: [
    ...(LEGACY_NAMES.reasoningTokens ?? []),
    "gen_ai.usage.completion_tokens_details.reasoning",
  ],
  audioOutputTokens: ["gen_ai.usage.completion_tokens_details.audio"],
  costUsd: ["gen_ai.usage.cost"],
  streaming: [...(LEGACY_NAMES.streaming ?? []), "gen_ai.request.is_stream"],
  timeToFirstChunkS: [
    ...(LEGACY_NAMES.timeToFirstChunkS ?? []),
    "gen_ai.server.time_to_first_token",
  ],
  user: ["gen_ai.request.user"],
};

/** OpenLIT's instrumentations. */
export const openLit: Dialect = {
  id: "openlit",
  about: {
    title: "OpenLIT",
    senders: "openlit 1.15.0 for JavaScript (run 2026-11-29); openlit 1.45.0 for Python (read).",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts: "Spans of calls; spans of agents, frameworks and vector stores are no calls.",
    limits: [
      "Where a stream has no usage, OpenLIT counts tokens by itself and does not say so: such counts look like the provider's.",
    ],
  },
  reads: { names: [...namesOf(NAMES), SDK] },
  claimsSpan: ({ attributes, origin }) =>
    attributes[SDK] === "openlit" ||
    origin.resource[SDK] === "openlit" ||
    SCOPE.test(origin.scopeName),
  readSpan: (span) => sightSpan(span, { names: NAMES }),
};

import type { GenAiOperation } from "@tollgate/core";
import * as foreign from "@tollgate/core/semconv/foreign";
import type { Dialect } from "./dialect.ts";
import { readFlag } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { hasAny } from "./reading/sent-by.ts";
import { sightSpan } from "./reading/sight.ts";

const SCOPE = "litellm";
const CACHE_HIT = "litellm.cache_hit";

const NAMES: FactNames = {
  ...LEGACY_NAMES,
  operation: [...(LEGACY_NAMES.operation ?? []), "llm.request.type", "litellm.call_type"],
  serviceTier: [
    foreign.ATTR_OPENAI_RESPONSE_SERVICE_TIER,
    foreign.ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ],
  costUsd: ["litellm.cost.total", foreign.ATTR_COST_TOTAL_COST],
  streaming: [...(LEGACY_NAMES.streaming ?? []), "litellm.request.streaming", "llm.is_streaming"],
  organization: ["metadata.user_api_key_org_alias", "metadata.user_api_key_org_id"],
  project: [
    "metadata.user_api_key_project_alias",
    "litellm.team.alias",
    "metadata.user_api_key_team_alias",
    "litellm.team.id",
    "metadata.user_api_key_team_id",
  ],
  agent: [...(LEGACY_NAMES.agent ?? []), "metadata.user_api_key_alias"],
  user: [
    "litellm.end_user.id",
    "metadata.user_api_key_end_user_id",
    "metadata.user_api_key_user_email",
    "metadata.user_api_key_user_id",
  ],
};

const CLAIMS = ["litellm.call_id", "litellm.call_type", "metadata.user_api_key_hash"];

/** The LiteLLM proxy and SDK. */
export const liteLlm: Dialect = {
  id: "litellm",
  about: {
    title: "LiteLLM",
    senders:
      "litellm 1.110.2 (`integrations/opentelemetry.py` and `integrations/otel`), read 2026-11-29; not run.",
    evidence: "source",
    fields: [
      ...fieldsOf(NAMES),
      { source: `\`${CACHE_HIT}\` = true`, becomes: "no call: LiteLLM's own cache answered" },
    ],
    counts:
      "Spans. The proxy writes the same attributes on the span of the HTTP request; only the innermost counts. Its events repeat its spans and are not read.",
    limits: [
      "LiteLLM's cost counts in place of a price of ours; zero does not, since it is written for unknown models too.",
    ],
  },
  reads: { names: [...namesOf(NAMES), ...CLAIMS, CACHE_HIT] },
  claimsSpan: ({ attributes, origin }) => origin.scopeName === SCOPE || hasAny(attributes, CLAIMS),
  readSpan(span) {
    if (readFlag(span.attributes[CACHE_HIT]) === true) return undefined;
    return sightSpan(span, { names: NAMES, operations: CALL_TYPES });
  },
  claimsLog: ({ origin }) => origin.scopeName === SCOPE,
};

/** Its call types where they mean something else than elsewhere, or nothing. */
const CALL_TYPES: ReadonlyMap<string, GenAiOperation> = new Map([
  ["completion", "chat"],
  ["acompletion", "chat"],
  ["aresponses", "chat"],
  ["aanthropic_messages", "chat"],
  ["atext_completion", "text_completion"],
  ["aembedding", "embeddings"],
  ["aimage_generation", "image_generation"],
  ["aimage_edit", "image_generation"],
  ["aspeech", "speech"],
  ["atranscription", "transcription"],
  ["amoderation", "moderation"],
  ["litellm.moderation", "moderation"],
  ["arerank", "rerank"],
  ["agenerate_content", "generate_content"],
]);

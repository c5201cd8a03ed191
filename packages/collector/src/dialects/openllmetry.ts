import * as foreign from "@tollgate/core/semconv/foreign";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { hasAny } from "./reading/sent-by.ts";
import { sightSpan } from "./reading/sight.ts";

const SCOPE = "@traceloop/";

/** `gen_ai.*` as far as they go; before 0.9 everything was `llm.*`. */
const NAMES: FactNames = {
  ...LEGACY_NAMES,
  operation: [...(LEGACY_NAMES.operation ?? []), "llm.request.type", "traceloop.span.kind"],
  provider: [...(LEGACY_NAMES.provider ?? []), "llm.vendor"],
  requestModel: [...(LEGACY_NAMES.requestModel ?? []), "llm.request.model"],
  responseModel: [...(LEGACY_NAMES.responseModel ?? []), "llm.response.model"],
  inputTokens: [...(LEGACY_NAMES.inputTokens ?? []), "llm.usage.prompt_tokens"],
  outputTokens: [...(LEGACY_NAMES.outputTokens ?? []), "llm.usage.completion_tokens"],
  totalTokens: [...(LEGACY_NAMES.totalTokens ?? []), "llm.usage.total_tokens"],
  cacheReadTokens: [
    ...(LEGACY_NAMES.cacheReadTokens ?? []),
    foreign.ATTR_USAGE_CACHE_READ_TOKENS,
    "llm.usage.cache_read_input_tokens",
  ],
  cacheWriteTokens: [
    ...(LEGACY_NAMES.cacheWriteTokens ?? []),
    "llm.usage.cache_creation_input_tokens",
  ],
  streaming: [...(LEGACY_NAMES.streaming ?? []), foreign.ATTR_IS_STREAMING, "llm.is_streaming"],
  finishReasons: [
    ...(LEGACY_NAMES.finishReasons ?? []),
    foreign.ATTR_RESPONSE_FINISH_REASON,
    "llm.response.finish_reason",
  ],
  session: [
    ...(LEGACY_NAMES.session ?? []),
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.chat_id",
  ],
  user: [
    "traceloop.association.properties.user_id",
    "traceloop.association.properties.userId",
    foreign.ATTR_USER,
    "llm.user",
  ],
  agent: [...(LEGACY_NAMES.agent ?? []), "traceloop.workflow.name"],
};

const CLAIMS = [
  "traceloop.span.kind",
  "traceloop.workflow.name",
  "traceloop.entity.name",
  "llm.request.type",
  "llm.usage.total_tokens",
  "llm.usage.prompt_tokens",
];

/** Traceloop's instrumentations. */
export const openLlmetry: Dialect = {
  id: "openllmetry",
  about: {
    title: "OpenLLMetry (Traceloop)",
    senders:
      "@traceloop/instrumentation-openai 0.27.0 (run 2026-11-29); since 0.62 its Python packages write the conventions as they are now and are read by `otel-genai`; @traceloop/ai-semantic-conventions 0.27.0 and opentelemetry-semantic-conventions-ai 0.5.1 (read).",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts: "Spans. Spans with `traceloop.span.kind` (workflow, task, agent, tool) are no calls.",
    limits: [
      "Of Anthropic's streams the Python instrumentation 0.62.4 adds up the output of two events, which is a token too many; where Anthropic's SDK tells of the same call, that counts.",
      "The JavaScript instrumentation of the OpenAI SDK gave no counts for streams, none of cache or reasoning, and no spans for embeddings when it was run.",
    ],
  },
  reads: { names: [...namesOf(NAMES), ...CLAIMS] },
  claimsSpan: ({ attributes, origin }) =>
    origin.scopeName.startsWith(SCOPE) || hasAny(attributes, CLAIMS),
  readSpan: (span) => sightSpan(span, { names: NAMES }),
};

import * as foreign from "@tollgate/core/semconv/foreign";
import type { GenAiOperation } from "@tollgate/core";
import * as names from "@tollgate/core/semconv";
import type { Dialect } from "./dialect.ts";
import { readText } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { sightSpan } from "./reading/sight.ts";

const OPERATION_ID = "ai.operationId";

const NAMES: FactNames = {
  operation: [OPERATION_ID],
  provider: ["ai.model.provider", foreign.ATTR_SYSTEM],
  requestModel: ["ai.model.id", names.ATTR_REQUEST_MODEL],
  responseModel: ["ai.response.model", names.ATTR_RESPONSE_MODEL],
  responseId: ["ai.response.id", names.ATTR_RESPONSE_ID],
  inputTokens: [
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    names.ATTR_USAGE_INPUT_TOKENS,
    foreign.ATTR_USAGE_PROMPT_TOKENS,
    "ai.usage.tokens",
  ],
  outputTokens: [
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
    names.ATTR_USAGE_OUTPUT_TOKENS,
    foreign.ATTR_USAGE_COMPLETION_TOKENS,
  ],
  totalTokens: ["ai.usage.totalTokens"],
  cacheReadTokens: [
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
    names.ATTR_USAGE_CACHE_READ_INPUT_TOKENS,
  ],
  cacheWriteTokens: [
    "ai.usage.inputTokenDetails.cacheWriteTokens",
    foreign.ATTR_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ],
  reasoningTokens: ["ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"],
  timeToFirstChunkMs: ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"],
  finishReasons: ["ai.response.finishReason", names.ATTR_RESPONSE_FINISH_REASONS],
  errorType: LEGACY_NAMES.errorType ?? [],
  agent: ["ai.telemetry.functionId"],
  session: ["ai.telemetry.metadata.sessionId"],
  user: ["ai.telemetry.metadata.userId"],
};

/** One request to a model each; the spans around them add their tokens up. */
const CALLS: ReadonlyMap<string, GenAiOperation> = new Map([
  ["ai.generatetext.dogenerate", "chat"],
  ["ai.streamtext.dostream", "chat"],
  ["ai.generateobject.dogenerate", "chat"],
  ["ai.streamobject.dostream", "chat"],
  ["ai.embed.doembed", "embeddings"],
  ["ai.embedmany.doembed", "embeddings"],
  ["ai.rerank.dorerank", "rerank"],
]);

/** The AI SDK's spans of version 3 to 6, which version 7 still writes when asked to. */
export const aiSdkLegacy: Dialect = {
  id: "ai-sdk-legacy",
  about: {
    title: "AI SDK (Vercel), `ai.*` spans",
    senders:
      "ai 6.0.322 with `experimental_telemetry`, and ai 7.0.173 with `LegacyOpenTelemetry` of @ai-sdk/otel 1.0.173 (both run 2026-11-29). The `gen_ai.*` spans of version 7 are read as the GenAI conventions.",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts:
      "The inner spans (`ai.generateText.doGenerate`, `….doStream`, `….doEmbed`, `….doRerank`), one per request. The outer ones repeat their tokens and are no calls.",
    limits: [
      "Version 5 does not say what Anthropic's caches were written; version 6 and 7 do.",
      "The SDK's own retries are inside one span, and so count as one call.",
    ],
  },
  reads: { names: namesOf(NAMES) },
  claimsSpan: ({ attributes, name }) =>
    attributes[OPERATION_ID] !== undefined || name.startsWith("ai."),
  readSpan(span) {
    const id = readText(span.attributes[OPERATION_ID])?.toLowerCase();
    if (id === undefined || !CALLS.has(id)) return undefined;
    const seen = sightSpan(span, { names: NAMES, operations: CALLS });
    return seen === undefined || !id.endsWith("dostream") ? seen : { ...seen, streaming: true };
  },
};

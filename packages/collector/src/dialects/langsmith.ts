import * as foreign from "@tollgate/core/semconv/foreign";
import type { AttributeValue } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { asAttribute, readCount, readObject } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { MADE_ERROR } from "./reading/made.ts";
import { thrownIn } from "./reading/outcome.ts";
import { sightSpan, withAttributes } from "./reading/sight.ts";

const KIND = "langsmith.span.kind";
const INPUT_DETAILS = foreign.ATTR_USAGE_INPUT_TOKEN_DETAILS;
const OUTPUT_DETAILS = foreign.ATTR_USAGE_OUTPUT_TOKEN_DETAILS;

const NAMES: FactNames = {
  ...LEGACY_NAMES,
  operation: [KIND],
  streaming: ["langsmith.request.streaming"],
  serviceTier: [foreign.ATTR_RESPONSE_SERVICE_TIER],
  project: ["langsmith.trace.session_name"],
  session: ["langsmith.metadata.session_id", "langsmith.metadata.thread_id"],
  user: ["langsmith.metadata.user_id"],
};

/** Names for what stands in JSON; no sender can write them. */
const FROM_JSON: FactNames = {
  cacheReadTokens: ["\0cache_read"],
  cacheWriteTokens: ["\0cache_creation"],
  audioInputTokens: ["\0audio_input"],
  audioOutputTokens: ["\0audio_output"],
  reasoningTokens: ["\0reasoning"],
  errorType: [MADE_ERROR],
};

/** LangSmith's SDK and LangChain's tracer, where they export to OpenTelemetry. */
export const langSmith: Dialect = {
  id: "langsmith",
  about: {
    title: "LangSmith, LangChain",
    senders:
      "langsmith 0.12.0 with `LANGSMITH_TRACING_MODE=otel` (run 2026-11-29; attributes in its `lib/experimental/otel/translator.js`).",
    evidence: "run",
    fields: [
      ...fieldsOf(NAMES),
      { source: `\`${INPUT_DETAILS}\`: \`cache_read\``, becomes: "`cacheReadTokens`" },
      { source: `\`${INPUT_DETAILS}\`: \`cache_creation\``, becomes: "`cacheWriteTokens`" },
      { source: `\`${INPUT_DETAILS}\`: \`audio\``, becomes: "`audioInputTokens`" },
      { source: `\`${OUTPUT_DETAILS}\`: \`reasoning\``, becomes: "`reasoningTokens`" },
      { source: `\`${OUTPUT_DETAILS}\`: \`audio\``, becomes: "`audioOutputTokens`" },
    ],
    counts:
      "Spans of kind `llm` and `embedding`; chains, tools, retrievers and prompts are no calls.",
    limits: [
      "Streams and embeddings of its wrapper for the OpenAI SDK gave no spans when it was run.",
    ],
  },
  reads: { names: [...namesOf(NAMES), INPUT_DETAILS, OUTPUT_DETAILS] },
  claimsSpan: ({ attributes }) => attributes[KIND] !== undefined,
  readSpan(span) {
    const input = span.attributes[INPUT_DETAILS];
    const output = span.attributes[OUTPUT_DETAILS];
    const told = withAttributes(span, {
      "\0cache_read": countIn(input, "cache_read"),
      "\0cache_creation": countIn(input, "cache_creation"),
      "\0audio_input": countIn(input, "audio"),
      "\0audio_output": countIn(output, "audio"),
      "\0reasoning": countIn(output, "reasoning"),
      // A run that failed has the status of one that went well here.
      [MADE_ERROR]: thrownIn(span),
    });
    return sightSpan(told, { names: { ...NAMES, ...FROM_JSON } });
  },
};

function countIn(details: AttributeValue | undefined, name: string): number | undefined {
  return readCount(asAttribute(readObject(details)?.[name]));
}

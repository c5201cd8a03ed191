import * as names from "@tollgate/core/semconv";
import type { Dialect, Sighting } from "./dialect.ts";
import { readCount } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { CURRENT_NAMES } from "./reading/gen-ai-names.ts";
import { sightSpan } from "./reading/sight.ts";

const SCOPE = "com.anthropic.sdk.";
const COMPACTION_INPUT = "anthropic.usage.compaction.input_tokens";
const COMPACTION_OUTPUT = "anthropic.usage.compaction.output_tokens";

const NAMES: FactNames = {
  ...CURRENT_NAMES,
  serviceTier: ["anthropic.response.service_tier", "anthropic.request.service_tier"],
  cacheWrite1hTokens: ["anthropic.usage.cache_creation.ephemeral_1h_input_tokens"],
  finishReasons: ["anthropic.message.stop_reason"],
};

/** The spans that Anthropic's SDK makes by itself. */
export const anthropicSdk: Dialect = {
  id: "anthropic-sdk",
  about: {
    title: "Anthropic's SDK",
    senders:
      "@anthropic-ai/sdk 1.12.0 (run 2026-11-29; attributes in its `internal/tracing.js` and `lib/internal/tracing`); anthropic 2.14.0 for Python (run by `pnpm interop`).",
    evidence: "run",
    fields: [
      ...fieldsOf(NAMES),
      { source: `\`${COMPACTION_INPUT}\``, becomes: "added to `inputTokens`" },
      { source: `\`${COMPACTION_OUTPUT}\``, becomes: "added to `outputTokens`" },
    ],
    counts: "Spans of messages. Counting tokens, sessions and tools are no calls.",
    limits: ["One span holds all of the SDK's attempts: retries that failed are not seen."],
  },
  reads: { names: [...namesOf(NAMES), COMPACTION_INPUT, COMPACTION_OUTPUT] },
  claimsSpan: ({ origin }) => origin.scopeName.startsWith(SCOPE),
  readSpan(span) {
    // What is no inference has no operation here, though it may name a model.
    if (span.attributes[names.ATTR_OPERATION_NAME] === undefined) return undefined;
    const seen = sightSpan(span, { names: NAMES });
    return seen === undefined ? undefined : { ...seen, ...withCompaction(seen, span.attributes) };
  },
};

/** The API leaves out of its sums what it used to shorten a conversation; it bills that as well. */
function withCompaction(
  { usage }: Sighting,
  attributes: Parameters<typeof sightSpan>[0]["attributes"],
): Pick<Sighting, "usage"> {
  const input = readCount(attributes[COMPACTION_INPUT]);
  const output = readCount(attributes[COMPACTION_OUTPUT]);
  if (usage === undefined || (input === undefined && output === undefined)) return { usage };
  const { inputTokens, outputTokens } = usage;
  return {
    usage: {
      ...usage,
      inputTokens: inputTokens === undefined ? undefined : inputTokens + (input ?? 0),
      outputTokens: outputTokens === undefined ? undefined : outputTokens + (output ?? 0),
    },
  };
}

import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf } from "./reading/facts.ts";
import { LEGACY_NAMES } from "./reading/gen-ai-names.ts";
import { canonicalProvider } from "./reading/providers.ts";
import { sightSpan } from "./reading/sight.ts";
import { hasAny } from "./reading/sent-by.ts";
import { ALL_WITHIN, type Counting } from "./reading/token-usage.ts";

const CLAIMS = [
  foreign.ATTR_SYSTEM,
  names.ATTR_REQUEST_MODEL,
  names.ATTR_USAGE_INPUT_TOKENS,
  foreign.ATTR_USAGE_PROMPT_TOKENS,
];

/** Before 1.40 the conventions left open what input is, and senders passed on what these two providers say. */
const CACHE_APART: ReadonlySet<string | undefined> = new Set(["anthropic", "aws.bedrock"]);
const APART: Counting = { cache: "apart", reasoning: "within" };

/** What came before `gen_ai.provider.name`. */
export const otelGenAiLegacy: Dialect = {
  id: "otel-genai-legacy",
  about: {
    title: "OpenTelemetry GenAI conventions up to 1.36",
    senders:
      "Senders of `gen_ai.system`: semantic-conventions 1.27 to 1.36, docs/gen-ai/gen-ai-spans.md, read 2026-11-29.",
    evidence: "documentation",
    fields: fieldsOf(LEGACY_NAMES),
    counts: "Spans.",
    limits: [
      "Whether input includes what a cache served was left open. Of Anthropic and Bedrock the cached counts are added unless the sender's total shows that they are in it; of others they are added only when they or the total show that they are not.",
    ],
  },
  reads: { names: [...namesOf(LEGACY_NAMES), ...CLAIMS] },
  claimsSpan: ({ attributes }) => hasAny(attributes, CLAIMS),
  readSpan(span) {
    const provider = canonicalProvider(span.attributes[foreign.ATTR_SYSTEM]);
    const counting = CACHE_APART.has(provider) ? APART : ALL_WITHIN;
    return sightSpan(span, { names: LEGACY_NAMES, counting });
  },
};

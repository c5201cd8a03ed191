import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { kindIn, sightPoint, TOKEN_KINDS, type TokenKind } from "./reading/points.ts";

const NAMES: FactNames = {
  provider: [names.ATTR_PROVIDER_NAME, foreign.ATTR_SYSTEM],
  operation: [names.ATTR_OPERATION_NAME],
  requestModel: [names.ATTR_REQUEST_MODEL],
  responseModel: [names.ATTR_RESPONSE_MODEL],
  agent: [names.ATTR_AGENT_NAME],
  session: [names.ATTR_CONVERSATION_ID],
};

const FAMILY = foreign.METRIC_FAMILY_INFERENCE_USAGE;
/** The other counters of the family are parts of these two. */
const KINDS: ReadonlyMap<string, TokenKind> = new Map([
  [names.METRIC_USAGE_INPUT_TOKENS.name, TOKEN_KINDS.input],
  [names.METRIC_USAGE_OUTPUT_TOKENS.name, TOKEN_KINDS.output],
]);

const LIMITS = [
  "Points say nothing of which input was cached: it is priced as fresh, which is the most that it can cost.",
  "Tokens without calls: nothing is added to the count of calls.",
];

/** The token counters of the current conventions. */
export const otelGenAiMetrics: Dialect = {
  id: "otel-genai-metrics",
  about: {
    title: "OpenTelemetry GenAI counters",
    senders: `open-telemetry/semantic-conventions-genai, model/gen-ai/token-metrics.yaml at 066d4a7f, read 2026-11-29.`,
    evidence: "documentation",
    fields: [
      { source: `\`${names.METRIC_USAGE_INPUT_TOKENS.name}\``, becomes: "`inputTokens`" },
      { source: `\`${names.METRIC_USAGE_OUTPUT_TOKENS.name}\``, becomes: "`outputTokens`" },
      ...fieldsOf(NAMES),
    ],
    counts: "The last resort: only for a resource that tells of no call in spans or logs.",
    limits: LIMITS,
  },
  reads: { names: namesOf(NAMES) },
  claimsPoint: ({ metric }) => metric.startsWith(FAMILY),
  readPoint: (point, amount) =>
    sightPoint(point, amount, { names: NAMES, kind: KINDS.get(point.metric) }),
  prefers: ["metrics"],
  lastResort: true,
};

const TOKEN_USAGE = foreign.METRIC_CLIENT_TOKEN_USAGE;
const TOKEN_TYPE = foreign.ATTR_TOKEN_TYPE;

const TYPES: Readonly<Record<string, TokenKind>> = {
  input: TOKEN_KINDS.input,
  output: TOKEN_KINDS.output,
  // What 1.27 called it.
  completion: TOKEN_KINDS.output,
};

/** The one histogram of semantic-conventions up to 1.41. */
export const otelGenAiLegacyMetrics: Dialect = {
  id: "otel-genai-legacy-metrics",
  about: {
    title: "OpenTelemetry GenAI token histogram",
    senders:
      "semantic-conventions 1.27 to 1.41, docs/gen-ai/gen-ai-metrics.md, read 2026-11-29; OpenLLMetry, OpenLIT, LiteLLM and others send it beside their spans.",
    evidence: "documentation",
    fields: [
      {
        source: `sum of \`${TOKEN_USAGE}\`, \`${TOKEN_TYPE}\` = \`input\``,
        becomes: "`inputTokens`",
      },
      {
        source: `sum of \`${TOKEN_USAGE}\`, \`${TOKEN_TYPE}\` = \`output\` or \`completion\``,
        becomes: "`outputTokens`",
      },
      ...fieldsOf(NAMES),
    ],
    counts:
      "The last resort: only for a resource that tells of no call in spans or logs, and of nothing in the counters above.",
    limits: LIMITS,
  },
  reads: { names: [...namesOf(NAMES), TOKEN_TYPE] },
  claimsPoint: ({ metric }) => metric === TOKEN_USAGE,
  readPoint: (point, amount) =>
    sightPoint(point, amount, { names: NAMES, kind: kindIn(TYPES, point.attributes[TOKEN_TYPE]) }),
  prefers: ["metrics"],
  lastResort: true,
};

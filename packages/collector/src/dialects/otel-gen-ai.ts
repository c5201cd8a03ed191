import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { CURRENT_NAMES } from "./reading/gen-ai-names.ts";
import { sightLog, sightSpan } from "./reading/sight.ts";
import { ATTR_EVENT_NAME, eventOf } from "./reading/sent-by.ts";

const COST: FactNames = { costUsd: [names.ATTR_USAGE_COST_AMOUNT] };
const CURRENCY = names.ATTR_USAGE_COST_CURRENCY;

/** The GenAI conventions as they are now. */
export const otelGenAi: Dialect = {
  id: "otel-genai",
  about: {
    title: "OpenTelemetry GenAI conventions",
    senders:
      "open-telemetry/semantic-conventions-genai (docs/gen-ai at 024a4f94, read 2026-11-29) and semantic-conventions 1.37 to 1.41. " +
      "Among others: AI SDK 7 through @ai-sdk/otel 1.0.173 (run), opentelemetry-instrumentation-openai 0.62.4 and -anthropic 0.62.4 of OpenLLMetry and OpenTelemetry's opentelemetry-instrumentation-openai-v2 2.4b0 for Python (run by `pnpm interop`), Pydantic AI.",
    evidence: "run",
    fields: fieldsOf({ ...CURRENT_NAMES, ...COST }),
    counts:
      "Spans, else `gen_ai.client.inference.operation.details` events. Agents, workflows and tools are no calls.",
    limits: ["A cost counts when its currency is `USD`."],
  },
  reads: {
    names: [...namesOf({ ...CURRENT_NAMES, ...COST }), CURRENCY, ATTR_EVENT_NAME],
  },
  claimsSpan: ({ attributes }) =>
    attributes[names.ATTR_PROVIDER_NAME] !== undefined ||
    (attributes[names.ATTR_OPERATION_NAME] !== undefined &&
      attributes[foreign.ATTR_SYSTEM] === undefined),
  readSpan: (span) =>
    sightSpan(span, {
      names: span.attributes[CURRENCY] === "USD" ? { ...CURRENT_NAMES, ...COST } : CURRENT_NAMES,
    }),
  claimsLog: (log) => eventOf(log) === names.EVENT_INFERENCE_DETAILS,
  readLog: (log) => sightLog(log, { names: CURRENT_NAMES }),
  prefers: ["spans", "logs"],
};

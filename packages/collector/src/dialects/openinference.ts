import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { sightSpan, withAttributes } from "./reading/sight.ts";

const KIND = "openinference.span.kind";
const SYSTEM = "llm.system";
const PROVIDER = "llm.provider";

const NAMES: FactNames = {
  operation: [KIND],
  provider: [PROVIDER, SYSTEM],
  requestModel: [
    "llm.request.model_name",
    "llm.model_name",
    "embedding.model_name",
    "reranker.model_name",
  ],
  responseModel: ["llm.response.model_name"],
  inputTokens: ["llm.token_count.prompt"],
  outputTokens: ["llm.token_count.completion"],
  totalTokens: ["llm.token_count.total"],
  cacheReadTokens: [
    "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input",
  ],
  cacheWriteTokens: ["llm.token_count.prompt_details.cache_write"],
  audioInputTokens: ["llm.token_count.prompt_details.audio"],
  reasoningTokens: ["llm.token_count.completion_details.reasoning"],
  audioOutputTokens: ["llm.token_count.completion_details.audio"],
  costUsd: ["llm.cost.total"],
  finishReasons: ["llm.finish_reason"],
  session: ["session.id"],
  user: ["user.id"],
  agent: ["agent.name"],
};

/** Arize's conventions, which Phoenix reads. */
export const openInference: Dialect = {
  id: "openinference",
  about: {
    title: "OpenInference",
    senders:
      "@arizeai/openinference-instrumentation-openai 4.2.7 (run 2026-11-29) and @arizeai/openinference-semantic-conventions 2.12.0; for Python openinference-instrumentation-openai 0.1.66, -anthropic 3.1.0 and -langchain 0.1.80 (run by `pnpm interop`).",
    evidence: "run",
    fields: fieldsOf(NAMES),
    counts:
      "Spans of kind `LLM`, `EMBEDDING` and `RERANKER`; all other kinds hold calls or are none.",
    limits: [
      "Streams and embeddings of the OpenAI SDK in JavaScript came without counts when it was run, and calls that failed without a span.",
      "In Python calls of the OpenAI SDK that failed name their model only beside the prompt, where it is not read.",
      "One model name, which is what was asked for or what answered, as the sender has it.",
    ],
  },
  reads: { names: namesOf(NAMES) },
  claimsSpan: ({ attributes }) => attributes[KIND] !== undefined,
  readSpan(span) {
    // Google is one provider here; its system says which of the two clouds it is.
    const isVertex = span.attributes[SYSTEM] === "vertexai";
    const told = isVertex ? withAttributes(span, { [PROVIDER]: "vertex_ai" }) : span;
    return sightSpan(told, { names: NAMES, namesCalls: true });
  },
};

import type { GenAiOperation } from "@tollgate/core";

/**
 * What senders call the kinds of calls that there are. Sources: semantic-conventions-genai
 * (`gen_ai.operation.name`), OpenLLMetry's `llm.request.type` 0.27.0, Sentry's conventions 0.33.0, OpenInference's
 * span kinds 2.12.0, LiteLLM's call types 1.110.2, AI SDK 4 to 7.
 */
const CALLS: Readonly<Record<GenAiOperation, readonly string[]>> = {
  chat: ["chat", "responses", "messages", "anthropic_messages", "llm", "generation", "request"],
  text_completion: ["text_completion", "completion"],
  embeddings: ["embeddings", "embedding"],
  generate_content: ["generate_content", "generatecontent"],
  image_generation: ["image_generation", "image_edit", "image_variation", "image"],
  speech: ["speech", "audio", "text_to_speech", "ai.generatespeech", "generate_speech"],
  transcription: ["transcription", "speech_to_text", "ai.transcribe", "ai.streamtranscribe"],
  moderation: ["moderation", "moderations"],
  rerank: ["rerank", "reranker"],
  count_tokens: ["count_tokens"],
};

/** What holds calls, or is none. Their tokens are those of the calls inside them. */
const NO_CALLS: ReadonlySet<string> = new Set([
  "invoke_agent",
  "create_agent",
  "agent",
  "agent_step",
  "execute_tool",
  "execute_hook",
  "tool",
  "tool_call",
  "handoff",
  "invoke_workflow",
  "workflow",
  "task",
  "plan",
  "chain",
  "retrieval",
  "retriever",
  "prompt",
  "parser",
  "evaluator",
  "evaluate",
  "guardrail",
  "guardrail.run",
  "guard",
  "span",
  "event",
  "vectordb",
  "search_memory",
  "update_memory",
  "fine_tuning",
  "finetuning",
]);

const OPERATIONS: readonly GenAiOperation[] = [
  "chat",
  "text_completion",
  "embeddings",
  "generate_content",
  "image_generation",
  "speech",
  "transcription",
  "moderation",
  "rerank",
  "count_tokens",
];

const BY_NAME: ReadonlyMap<string, GenAiOperation> = new Map(
  OPERATIONS.flatMap((operation) => CALLS[operation].map((name) => [name, operation] as const)),
);

/**
 * What kind of call a name says.
 *
 * @returns `undefined` for what is no call; `unknown` for a name that is none of the known ones.
 */
export function operationOf(name: string): GenAiOperation | "unknown" | undefined {
  const said = name.toLowerCase();
  return NO_CALLS.has(said) ? undefined : (BY_NAME.get(said) ?? "unknown");
}

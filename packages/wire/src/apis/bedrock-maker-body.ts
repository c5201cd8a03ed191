import type { ResponseFacts } from "@tollgate/core";
import { readCount, sumCounts } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteFinish,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import {
  isJsonObject,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { readConverseAnswer } from "./bedrock-converse-answer.ts";
import { openAiChat } from "./openai-chat.ts";

/**
 * Reads an answer of InvokeModel, which is in the shape of whoever made the model. The shape is told by
 * the body: the model's id may be an ARN that does not say who made it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
export function readMakerAnswer(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  if (value["type"] === "message") return anthropicMessages.readJson(value);
  if (Array.isArray(value["choices"])) return readChatAnswer(value);
  if (!isJsonObject(value["output"])) return readPlainAnswer(value);
  const draft = createDraft();
  readConverseAnswer(draft, value);
  return { ...draftFacts(draft), complete: true };
}

/** Reads an answer in one of the older shapes, which those of models that embed are too. */
export function readPlainAnswer(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  readMakerPart(draft, value);
  return { ...draftFacts(draft), complete: true };
}

/** Mistral and others speak OpenAI's chat, but for the name of the reason. */
function readChatAnswer(value: JsonObject): ResponseFacts {
  const facts = openAiChat.readJson(value);
  const reasons = readList(value, "choices").flatMap(
    (choice) => (isJsonObject(choice) && readLabel(choice, "stop_reason")) || [],
  );
  return facts.finishReasons.length > 0 ? facts : { ...facts, finishReasons: reasons };
}

/** Where the older bodies list what was generated: Titan, Cohere, Mistral, AI21. */
const LISTS = ["results", "generations", "outputs", "completions"] as const;

/** What {@link readMakerPart} reads. */
export const MAKER_FIELDS: AnswerFields = {
  model: "model",
  id: "generation_id | id",
  finishReasons: "completionReason | stop_reason | finish_reason | finishReason.reason",
  toolCalls: "tool_calls[].name",
  inputTokens: "inputTextTokenCount | prompt_token_count | prompt.tokens.length",
  outputTokens:
    "totalOutputTextTokenCount | generation_token_count | results[].tokenCount | completions[].data.tokens.length",
};

/** Reads a body or a chunk in one of the older shapes, which do not contradict each other. */
export function readMakerPart(draft: AnswerDraft, part: JsonObject): void {
  noteText(draft, "id", readLabel(part, "generation_id") ?? readLabel(part, "id"));
  noteText(draft, "model", readLabel(part, "model"));
  readGenerated(draft, part, 0);
  for (const list of LISTS) {
    for (const [index, generated] of readList(part, list).entries()) {
      if (isJsonObject(generated)) readGenerated(draft, generated, index);
    }
  }
  // Cohere's Command R.
  for (const call of readList(part, "tool_calls")) {
    if (isJsonObject(call)) noteToolCall(draft, readLabel(call, "name"));
  }
  readCounts(draft, part);
}

function readGenerated(draft: AnswerDraft, from: JsonObject, choice: number): void {
  draft.outputChars +=
    textLength(from, "outputText") +
    textLength(from, "generation") +
    textLength(from, "completion") +
    textLength(from, "text") +
    textLength(readObject(from, "data"), "text");
  const reason =
    readLabel(from, "completionReason") ??
    readLabel(from, "stop_reason") ??
    readLabel(from, "finish_reason") ??
    readLabel(readObject(from, "finishReason"), "reason");
  noteFinish(draft, choice, reason);
}

function readCounts(draft: AnswerDraft, part: JsonObject): void {
  const input =
    readCount(part, "inputTextTokenCount", draft) ??
    readCount(part, "prompt_token_count", draft) ??
    listedTokens(readObject(part, "prompt"));
  const output =
    readCount(part, "totalOutputTextTokenCount", draft) ??
    readCount(part, "generation_token_count", draft) ??
    sumCounts(...readList(part, "results").map((result) => countOf(result, draft))) ??
    sumCounts(...readList(part, "completions").map(listedCompletion));
  if (input === undefined && output === undefined) return;
  // A stream says the input once, and the output anew with each chunk.
  noteUsage(draft, {
    inputTokens: input ?? draft.usage?.inputTokens,
    outputTokens: output ?? draft.usage?.outputTokens,
  });
}

function countOf(result: unknown, draft: AnswerDraft): number | undefined {
  return isJsonObject(result) ? readCount(result, "tokenCount", draft) : undefined;
}

/** AI21's older models list the tokens instead of counting them. */
function listedTokens(from: JsonObject | undefined): number | undefined {
  const tokens = from?.["tokens"];
  return Array.isArray(tokens) ? tokens.length : undefined;
}

function listedCompletion(completion: unknown): number | undefined {
  return isJsonObject(completion) ? listedTokens(readObject(completion, "data")) : undefined;
}

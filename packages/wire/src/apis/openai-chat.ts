import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteError,
  noteFinish,
  noteProblem,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { WireApi } from "../api.ts";
import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { openAiUsage } from "./openai-usage.ts";

/**
 * OpenAI's chat completions, which most vendors speak too.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openAiChat: WireApi = {
  id: "openai.chat",
  operation: "chat",
  provider: "openai",
  matchesPath: (path) => path.endsWith("/chat/completions"),
  readRequest,
  readJson,
  createStreamReader: () => createEventStreamReader(events),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

const USAGE_NAMES = {
  input: "prompt_tokens",
  output: "completion_tokens",
  inputDetails: "prompt_tokens_details",
  outputDetails: "completion_tokens_details",
};

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model");
  if (!body || model === undefined || !body.isArray("messages")) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_completion_tokens") ?? body.count("max_tokens"),
    choices: body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    unboundable:
      unboundableContent(body) ??
      unboundableTool(body) ??
      unboundableMember(body, { web_search_options: "the provider searches the web" }),
  };
}

/** Where an answer is read into; the maps tell repeated chunks of one thing from several things. */
interface ChatState {
  readonly draft: AnswerDraft;
  readonly choices: Set<number>;
  /** The id of each tool call by its choice and index; "" when it has none. */
  readonly toolCallIds: Map<string, string>;
}

function createState(): ChatState {
  return { draft: createDraft(), choices: new Set(), toolCallIds: new Map() };
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState();
  readAnswer(state, value, "message");
  const { draft } = state;
  if (!Array.isArray(value["choices"]) && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither choices nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const events: EventCodec<ChatState> = {
  createState,
  skippedEvents: new Set(),
  compileTemplate: createTemplateCompiler({
    text: ["content", "refusal", "reasoning_content", "reasoning", "arguments", "input"],
    ignored: [
      "created",
      "id",
      "index",
      "obfuscation",
      "p",
      "system_fingerprint",
      "text",
      "token_id",
    ],
  }),
  readEvent: (state, event) => readAnswer(state, event, "delta"),
  facts: ({ draft, choices }) => ({
    ...draftFacts(draft),
    complete: draft.doneSeen || (draft.usage !== undefined && everyChoiceEnded(draft, choices)),
  }),
};

function everyChoiceEnded(draft: AnswerDraft, choices: ReadonlySet<number>): boolean {
  return choices.size > 0 && draft.finishReasons.size === choices.size;
}

/** A whole answer and a chunk of one differ only in how they name a choice's content. */
function readAnswer(state: ChatState, answer: JsonObject, contentKey: "message" | "delta"): void {
  const { draft } = state;
  // Some gateways give each chunk an id of its own.
  if (draft.id === undefined) noteText(draft, "id", readLabel(answer, "id"));
  noteText(draft, "model", readLabel(answer, "model"));
  noteText(draft, "serviceTier", readLabel(answer, "service_tier"));
  noteError(draft, answer["error"]);
  for (const [position, choice] of readList(answer, "choices").entries()) {
    if (isJsonObject(choice)) readChoice(state, choice, position, readObject(choice, contentKey));
  }
  // Groq says it twice in one chunk, and older Groq streams only in `x_groq`.
  const usage = readUsage(answer, draft) ?? readUsage(readObject(answer, "x_groq"), draft);
  noteUsage(draft, openAiUsage(usage, USAGE_NAMES, draft));
}

function readChoice(
  state: ChatState,
  choice: JsonObject,
  position: number,
  content: JsonObject | undefined,
): void {
  const { draft, choices } = state;
  const index = readIndex(choice, "index") ?? position;
  if (!choices.has(index)) {
    choices.add(index);
    draft.revision++;
  }
  noteFinish(draft, index, readLabel(choice, "finish_reason"));
  if (content === undefined) return;
  draft.outputChars +=
    textLength(content, "content") + textLength(content, "refusal") + reasoningLength(content);
  readFunctionCall(state, `${index}/function`, content["function_call"], undefined);
  for (const [callPosition, call] of readList(content, "tool_calls").entries()) {
    if (!isJsonObject(call)) continue;
    const callIndex = readIndex(call, "index") ?? readLabel(call, "id") ?? callPosition;
    const called = call["function"] ?? call["custom"];
    readFunctionCall(state, `${index}/${callIndex}`, called, readLabel(call, "id"));
  }
}

/** Two vendors' names for the same text; some send both. */
function reasoningLength(content: JsonObject): number {
  return textLength(content, "reasoning_content") || textLength(content, "reasoning");
}

/**
 * A call's name comes with its first chunk; some servers repeat it with each, and some give all
 * calls of an answer the index 0 and tell them apart by id.
 */
function readFunctionCall(
  state: ChatState,
  key: string,
  called: unknown,
  id: string | undefined,
): void {
  if (!isJsonObject(called)) return;
  const { draft, toolCallIds } = state;
  draft.outputChars += textLength(called, "arguments") + textLength(called, "input");
  const name = readLabel(called, "name");
  if (name === undefined) return;
  const knownId = toolCallIds.get(key);
  // An event with a name is never like another: the next one may be a call of the same function.
  draft.revision++;
  if (knownId !== undefined && (id === undefined || id === knownId)) return;
  toolCallIds.set(key, id ?? "");
  noteToolCall(draft, name);
}

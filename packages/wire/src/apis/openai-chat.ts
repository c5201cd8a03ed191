import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import { nonsenseFacts, noteToolCall } from "../answer/draft.ts";
import { wholeAnswer } from "../answer/whole-answer.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import {
  CHOICES_FIELDS,
  type ChoicesState,
  OTHER_USAGE_PARTS,
  choicesFacts,
  createChoices,
  readChoices,
} from "./openai-choices.ts";

/**
 * OpenAI's chat completions, which most vendors speak too.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openAiChat: WireApi = {
  id: "openai.chat",
  operation: "chat",
  provider: "openai",
  pathEnds: ["/chat/completions"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/chat",
    answer: {
      ...CHOICES_FIELDS,
      toolCalls:
        "choices[].message.tool_calls[].function.name | choices[].message.tool_calls[].custom.name | choices[].message.function_call.name",
    },
    stream: [
      {
        answerAt: "",
        fields: {
          toolCalls:
            "choices[].delta.tool_calls[].function.name | choices[].delta.tool_calls[].custom.name | choices[].delta.function_call.name",
        },
      },
      ...OTHER_USAGE_PARTS,
    ],
    notes: [
      "Reasoning is added to `outputTokens` where `usage.total_tokens` says that it stands beside them, and for xAI where there is no total.",
    ],
    limits: [
      "A stream without counts, because nobody asked for them and the vendor does not send them unasked, is estimated.",
    ],
  },
  outputCap: { members: ["max_completion_tokens", "max_tokens"] },
  readRequest,
  readJson,
  createStreamReader: (answer) =>
    createEventStreamReader({ ...events, createState: () => createState(answer) }),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openRequestBody(text);
  const model = body?.text("model") ?? modelInPath(path);
  if (!body || model === undefined || !body.isArray("messages")) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_completion_tokens") ?? body.count("max_tokens"),
    choices: body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    offersTools: (body.raw("tools") ?? body.raw("functions")) !== undefined,
    unboundable:
      unboundableContent(body) ??
      unboundableTool(body) ??
      unboundableMember(body, { web_search_options: "the provider searches the web" }),
  };
}

interface ChatState extends ChoicesState {
  /** The id of each tool call by its choice and index; "" when it has none. */
  readonly toolCallIds: Map<string, string>;
}

function createState(answer: AnswerSource | undefined): ChatState {
  return { ...createChoices(answer), toolCallIds: new Map() };
}

function readJson(value: unknown, answer?: AnswerSource): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState(answer);
  readChoices(state, value, (choice, index) => readMessage(state, choice["message"], index));
  return wholeAnswer(state.draft, value, "choices");
}

const events: Omit<EventCodec<ChatState>, "createState"> = {
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
  readEvent: (state, event) =>
    readChoices(state, event, (choice, index) => readMessage(state, choice["delta"], index)),
  facts: choicesFacts,
};

/** A choice's message, or what a chunk adds to it. */
function readMessage(state: ChatState, content: unknown, index: number): void {
  if (!isJsonObject(content)) return;
  state.draft.outputChars +=
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

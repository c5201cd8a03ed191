import type { GenAiOperation, RequestFacts, ResponseFacts } from "@tollgate/core";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteFinish,
  noteProblem,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { ApiDescription } from "../api-description.ts";
import type { AnswerSource, StreamReader, WireApi } from "../api.ts";
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
import { unboundableMember } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { createJsonStreamReader } from "../stream/json-stream-reader.ts";
import { cohereRefusal, noteCohereError } from "./cohere-error.ts";
import { BILLED_UNITS_LIMIT, cohereUsage, cohereUsageFields } from "./cohere-usage.ts";

const ABOUT: ApiDescription = {
  reference: "https://docs.cohere.com/v1/reference/chat",
  answer: {
    id: "generation_id | id",
    finishReasons: "finish_reason | generations[].finish_reason",
    toolCalls: "tool_calls[].name",
    ...cohereUsageFields("meta"),
  },
  stream: [{ event: "stream-end", answerAt: "response" }],
  limits: [BILLED_UNITS_LIMIT, "The answer does not name its model: the one asked for counts."],
};

/**
 * Cohere's first version: chat, and the generation that was before it.
 *
 * @see https://docs.cohere.com/v1/reference/chat
 * @see https://docs.cohere.com/v1/reference/generate
 */
export const cohereChatV1: WireApi = v1Api("cohere.chat_v1", "chat", "/v1/chat", "message");
export const cohereGenerate: WireApi = v1Api(
  "cohere.generate",
  "text_completion",
  "/v1/generate",
  "prompt",
);

function v1Api(id: string, operation: GenAiOperation, path: string, contentKey: string): WireApi {
  return {
    id,
    operation,
    provider: "cohere",
    hasCommonPath: true,
    pathEnds: [path],
    about: ABOUT,
    outputCap: { members: ["max_tokens"] },
    readRequest: (text) => readRequest(text, contentKey),
    readJson,
    isStream: (contentType) => contentType.includes("stream"),
    createStreamReader,
    refusalBody: cohereRefusal,
  };
}

const UNBOUNDABLE_MEMBERS = {
  connectors: "the provider runs a tool itself: connectors",
  conversation_id: "the provider keeps the conversation (conversation_id)",
  preset: "the provider keeps the prompt (preset)",
};

/** The model may be left to the provider. */
function readRequest(text: string | undefined, contentKey: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  if (body?.text(contentKey) === undefined) return undefined;
  return {
    model: body.text("model"),
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_tokens"),
    choices: body.count("num_generations") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: unboundableMember(body, UNBOUNDABLE_MEMBERS),
  };
}

interface V1State {
  readonly draft: AnswerDraft;
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  noteCohereError(draft, value);
  readAnswer(draft, value);
  draft.outputChars += textLength(value, "text");
  for (const generation of readList(value, "generations")) {
    if (isJsonObject(generation)) draft.outputChars += textLength(generation, "text");
  }
  const hasText = typeof value["text"] === "string" || Array.isArray(value["generations"]);
  if (!hasText && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither text nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const events: EventCodec<V1State> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(),
  compileTemplate: createTemplateCompiler({ text: ["text"], ignored: ["index"] }),
  readEvent: ({ draft }, event) => readEvent(draft, event),
  facts: ({ draft }) => draftFacts(draft),
};

/** Lines of JSON, unless the client asked for an event stream. */
function createStreamReader(answer?: AnswerSource): StreamReader {
  const contentType = answer?.header("content-type") ?? "";
  return contentType.includes("event-stream")
    ? createEventStreamReader(events)
    : createJsonStreamReader(events);
}

/** The last event holds the whole answer once more. */
function readEvent(draft: AnswerDraft, event: JsonObject): void {
  noteCohereError(draft, event);
  draft.outputChars += textLength(event, "text");
  const call = readObject(event, "tool_call_delta");
  draft.outputChars += textLength(call, "parameters");
  if (event["is_finished"] !== true) return;
  noteFinish(draft, readIndex(event, "index") ?? 0, readLabel(event, "finish_reason"));
  const response = readObject(event, "response");
  if (response) readAnswer(draft, response);
  if (event["finish_reason"] === "ERROR") noteText(draft, "errorType", "error");
  noteComplete(draft);
}

/** All of an answer but its text. */
function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "id", readLabel(answer, "generation_id") ?? readLabel(answer, "id"));
  noteFinish(draft, 0, readLabel(answer, "finish_reason"));
  for (const [position, generation] of readList(answer, "generations").entries()) {
    if (!isJsonObject(generation)) continue;
    const index = readIndex(generation, "index") ?? position;
    noteFinish(draft, index, readLabel(generation, "finish_reason"));
  }
  for (const call of readList(answer, "tool_calls")) {
    if (isJsonObject(call)) noteToolCall(draft, readLabel(call, "name"));
  }
  noteUsage(draft, cohereUsage(readObject(answer, "meta"), draft));
}

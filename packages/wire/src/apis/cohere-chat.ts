import type { RequestFacts, ResponseFacts } from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
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
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { cohereRefusal, noteCohereError } from "./cohere-error.ts";
import { BILLED_UNITS_LIMIT, cohereUsage, cohereUsageFields } from "./cohere-usage.ts";

/**
 * Cohere's chat, second version.
 *
 * @see https://docs.cohere.com/reference/chat
 */
export const cohereChat: WireApi = {
  id: "cohere.chat",
  operation: "chat",
  provider: "cohere",
  pathEnds: ["/v2/chat"],
  about: {
    reference: "https://docs.cohere.com/reference/chat",
    answer: {
      id: "id",
      finishReasons: "finish_reason",
      toolCalls: "message.tool_calls[].function.name",
      ...cohereUsageFields("usage"),
    },
    stream: [
      { event: "message-start", fields: { id: "id" } },
      {
        event: "tool-call-start",
        fields: { toolCalls: "delta.message.tool_calls.function.name" },
      },
      { event: "message-end", answerAt: "delta", fields: { id: "", toolCalls: "" } },
    ],
    limits: [BILLED_UNITS_LIMIT],
  },
  outputCap: { members: ["max_tokens"], thinking: ["thinking.token_budget"] },
  readRequest,
  readJson,
  createStreamReader: () => createEventStreamReader(events),
  refusalBody: cohereRefusal,
};

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model");
  if (!body || model === undefined || !body.isArray("messages")) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_tokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: unboundableContent(body) ?? unboundableTool(body),
  };
}

interface ChatState {
  readonly draft: AnswerDraft;
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  const message = readObject(value, "message");
  noteText(draft, "id", readLabel(value, "id"));
  noteCohereError(draft, value);
  for (const part of readList(message, "content")) {
    if (isJsonObject(part)) draft.outputChars += contentLength(part);
  }
  draft.outputChars += textLength(message, "tool_plan");
  for (const call of readList(message, "tool_calls")) {
    if (isJsonObject(call)) readToolCall(draft, call);
  }
  readEnd(draft, value);
  if (message === undefined && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither a message nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const events: EventCodec<ChatState> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(["content-end", "tool-call-end", "citation-start", "citation-end"]),
  compileTemplate: createTemplateCompiler({
    text: ["text", "thinking", "tool_plan", "arguments"],
    ignored: ["index"],
  }),
  readEvent: ({ draft }, event, name) => readEvent(draft, event, name),
  facts: ({ draft }) => draftFacts(draft),
};

function readEvent(draft: AnswerDraft, event: JsonObject, name: string | undefined): void {
  const delta = readObject(event, "delta");
  const message = readObject(delta, "message");
  const content = readObject(message, "content");
  const call = readObject(message, "tool_calls");
  noteText(draft, "id", readLabel(event, "id"));
  switch (readLabel(event, "type") ?? name) {
    case "content-start":
    case "content-delta":
      draft.outputChars += contentLength(content);
      break;
    case "tool-plan-delta":
      draft.outputChars += textLength(message, "tool_plan");
      break;
    case "tool-call-start":
    case "tool-call-delta":
      if (call) readToolCall(draft, call);
      break;
    case "message-end":
      readEnd(draft, delta);
      noteError(draft, delta?.["error"]);
      noteComplete(draft);
      break;
    default:
      noteCohereError(draft, event);
  }
}

function contentLength(content: JsonObject | undefined): number {
  return textLength(content, "text") + textLength(content, "thinking");
}

/** Only the first part of a call has its name. */
function readToolCall(draft: AnswerDraft, call: JsonObject): void {
  const called = readObject(call, "function");
  noteToolCall(draft, readLabel(called, "name"));
  draft.outputChars += textLength(called, "arguments");
}

/** What a whole answer and the last event of a stream say alike. */
function readEnd(draft: AnswerDraft, end: JsonObject | undefined): void {
  noteFinish(draft, 0, readLabel(end, "finish_reason"));
  noteUsage(draft, cohereUsage(readUsage(end, draft), draft));
}

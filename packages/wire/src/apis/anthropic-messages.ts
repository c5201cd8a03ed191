import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
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
import { openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { ANTHROPIC_USAGE_FIELDS, fallbackModel, noteAnthropicUsage } from "./anthropic-usage.ts";

/**
 * Anthropic's Messages API.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export const anthropicMessages: WireApi = {
  id: "anthropic.messages",
  operation: "chat",
  provider: "anthropic",
  pathEnds: ["/messages"],
  about: {
    reference: "https://platform.claude.com/docs/en/api/messages",
    answer: {
      model: "model",
      billedModel:
        "usage.iterations[type=fallback_message].model | content[type=fallback].to.model",
      id: "id",
      finishReasons: "stop_reason",
      toolCalls: "content[type=tool_use].name",
      ...ANTHROPIC_USAGE_FIELDS,
    },
    stream: [
      // Its output count is a placeholder.
      { event: "message_start", answerAt: "message", fields: { outputTokens: "" } },
      { event: "content_block_start", fields: { toolCalls: "content_block.name" } },
      {
        event: "message_delta",
        fields: {
          ...ANTHROPIC_USAGE_FIELDS,
          billedModel: "usage.iterations[type=fallback_message].model",
          finishReasons: "delta.stop_reason",
        },
      },
    ],
    notes: [
      "Each count of `message_delta` replaces that of `message_start`; silence and `null` do not.",
      "`usage.iterations`: passes of compaction are added to the counts beside them; advisers and attempts that were refused are kept apart under their own models.",
    ],
    limits: [
      "A stream that a fallback wrote is named after the model that it began with, and has the price of the fallback.",
    ],
  },
  outputCap: { members: ["max_tokens"], thinking: ["thinking.budget_tokens"] },
  readRequest: (body) => readMessagesRequest(body),
  readJson,
  createStreamReader: () => createEventStreamReader(events),
  refusalBody: (refusal) => ({ type: "error", error: refusalError(refusal), request_id: null }),
};

/** @param pathModel - the model, where it is not in the body. */
export function readMessagesRequest(
  text: string | undefined,
  pathModel?: string,
): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model") ?? pathModel;
  if (!body || model === undefined || !body.isArray("messages")) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_tokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    speed: body.text("speed"),
    region: body.text("inference_geo"),
    offersTools: body.raw("tools") !== undefined,
    unboundable:
      unboundableContent(body) ??
      unboundableTool(body) ??
      unboundableMember(body, {
        mcp_servers: "the provider runs a tool itself: mcp",
        container: "the provider keeps a container",
      }) ??
      compaction(body),
  };
}

/** Clearing old content only shrinks a prompt; compaction reads all of it once more. */
function compaction(body: RequestBody): string | undefined {
  return body.raw("context_management")?.includes('"compact')
    ? "the provider may compact the context"
    : undefined;
}

interface MessagesState {
  readonly draft: AnswerDraft;
  /** The latest word on each count; later events leave out what did not change. */
  usage: JsonObject;
  /** The output count of the first event is a placeholder until the last one says the real one. */
  outputCounted: boolean;
  /** The model that took over from the one that refused. */
  fallback: string | undefined;
}

function createState(): MessagesState {
  return { draft: createDraft(), usage: {}, outputCounted: false, fallback: undefined };
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState();
  const { draft } = state;
  readMessage(state, value);
  noteError(draft, value["error"]);
  if (!Array.isArray(value["content"]) && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither content nor an error");
  }
  state.outputCounted = true;
  draft.complete = true;
  return facts(state);
}

const events: EventCodec<MessagesState> = {
  createState,
  skippedEvents: new Set(["ping", "content_block_stop"]),
  compileTemplate: createTemplateCompiler({
    text: ["text", "partial_json", "thinking"],
    ignored: ["index", "signature"],
  }),
  readEvent,
  facts,
};

function readEvent(state: MessagesState, event: JsonObject, name: string | undefined): void {
  const { draft } = state;
  const delta = readObject(event, "delta");
  switch (readLabel(event, "type") ?? name) {
    case "message_start":
      readMessage(state, readObject(event, "message"));
      break;
    case "content_block_start":
      readBlock(state, readObject(event, "content_block"));
      break;
    case "content_block_delta":
      draft.outputChars += blockLength(delta);
      break;
    case "message_delta":
      noteFinish(draft, 0, readLabel(delta, "stop_reason"));
      if (mergeUsage(state, readUsage(event, state.draft))) state.outputCounted = true;
      break;
    case "message_stop":
      noteComplete(draft);
      break;
    default:
      noteError(draft, event["error"]);
  }
}

function readMessage(state: MessagesState, message: JsonObject | undefined): void {
  const { draft } = state;
  noteText(draft, "id", readLabel(message, "id"));
  noteText(draft, "model", readLabel(message, "model"));
  for (const block of readList(message, "content")) {
    if (isJsonObject(block)) readBlock(state, block);
  }
  mergeUsage(state, readUsage(message, state.draft));
  const stopReason = readLabel(message, "stop_reason");
  noteFinish(draft, 0, stopReason);
  // A continuation with nothing left to generate ends where it starts.
  if (stopReason !== undefined) {
    state.outputCounted = true;
    noteComplete(draft);
  }
}

/** @returns whether the event has said how much output there is. */
function mergeUsage(state: MessagesState, usage: JsonObject | undefined): boolean {
  if (usage === undefined) return false;
  const said = Object.entries(usage).filter(([, value]) => value !== null);
  state.usage = { ...state.usage, ...Object.fromEntries(said) };
  state.draft.revision++;
  return typeof usage["output_tokens"] === "number";
}

function readBlock(state: MessagesState, block: JsonObject | undefined): void {
  const { draft } = state;
  draft.outputChars += blockLength(block);
  if (block?.["type"] === "tool_use") noteToolCall(draft, readLabel(block, "name"));
  else if (block?.["type"] === "fallback") {
    state.fallback = readLabel(readObject(block, "to"), "model") ?? state.fallback;
    draft.revision++;
  }
}

function blockLength(block: JsonObject | undefined): number {
  return (
    textLength(block, "text") + textLength(block, "partial_json") + textLength(block, "thinking")
  );
}

function facts(state: MessagesState): ResponseFacts {
  // A copy: an unfinished stream may be asked again when it knows more.
  const draft: AnswerDraft = { ...state.draft, problems: [...state.draft.problems] };
  const { usage, outputCounted } = state;
  noteAnthropicUsage(draft, outputCounted ? usage : { ...usage, output_tokens: undefined });
  noteText(draft, "serviceTier", readLabel(usage, "service_tier"));
  noteText(draft, "speed", readLabel(usage, "speed"));
  const region = readLabel(usage, "inference_geo");
  // What models say that cannot be kept in a place.
  noteText(draft, "region", region === "not_available" ? undefined : region);
  const billedModel = fallbackModel(usage) ?? state.fallback;
  const read = draftFacts(draft);
  return billedModel === undefined || billedModel === read.model ? read : { ...read, billedModel };
}

import {
  refusalError,
  type ModelUsage,
  type RequestFacts,
  type ResponseFacts,
} from "@tollgate/core";
import { readCount, readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteFinish,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { readProviderCost } from "../answer/provider-cost.ts";
import { wholeAnswer } from "../answer/whole-answer.ts";
import type { AnswerFields } from "../api-description.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import {
  isJsonObject,
  readIndex,
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
import { outputItemLength, readOutputItem, type OutputItem } from "./openai-output-item.ts";
import { RESPONSES_USAGE_FIELDS, RESPONSES_USAGE_NAMES, openAiUsage } from "./openai-usage.ts";

export const RESPONSE_FIELDS: AnswerFields = {
  model: "model",
  id: "id",
  finishReasons: "incomplete_details.reason | status",
  toolCalls: "output[type=function_call].name | output[type=custom_tool_call].name",
  serviceTier: "service_tier",
  ...RESPONSES_USAGE_FIELDS,
  webSearchRequests: "tool_usage.web_search.num_requests | output[type=web_search_call].length",
  fileSearchRequests: "output[type=file_search_call].length",
};

/**
 * OpenAI's Responses API.
 *
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export const openAiResponses: WireApi = {
  id: "openai.responses",
  operation: "chat",
  provider: "openai",
  pathEnds: ["/responses"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/responses",
    answer: RESPONSE_FIELDS,
    stream: [
      { event: "response.output_item.done", fields: { toolCalls: "item.name" } },
      { event: "response.completed", answerAt: "response" },
      { event: "response.incomplete", answerAt: "response" },
      { event: "response.failed", answerAt: "response" },
    ],
    notes: [
      "Sandboxes that ran code are counted by the different `container_id` of `output[type=code_interpreter_call]`.",
      "The image tool's tokens, `tool_usage.image_gen`, are kept apart under the model of that tool.",
    ],
  },
  outputCap: { members: ["max_output_tokens"], leastTokens: 16 },
  readRequest: readResponsesRequest,
  readJson: readResponsesJson,
  createStreamReader: (answer) =>
    createEventStreamReader({ ...events, createState: () => createState(answer) }),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

const UNBOUNDABLE_MEMBERS = {
  previous_response_id: "the provider keeps the conversation (previous_response_id)",
  conversation: "the provider keeps the conversation",
  prompt: "the provider keeps the prompt",
  context_management: "the provider may compact the context",
};

export function readResponsesRequest(
  text: string | undefined,
  path?: string,
): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openRequestBody(text);
  if (!body || !isResponsesRequest(body)) return undefined;
  return {
    model: body.text("model"),
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_output_tokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    offersTools: body.raw("tools") !== undefined,
    unboundable:
      unboundableContent(body) ??
      unboundableTool(body) ??
      unboundableMember(body, UNBOUNDABLE_MEMBERS),
  };
}

/** A stored prompt brings its own model and input. */
function isResponsesRequest(body: RequestBody): boolean {
  const hasPrompt = body.raw("prompt")?.startsWith("{") ?? false;
  const hasInput = body.isArray("input") || body.text("input") !== undefined;
  const hasHistory =
    body.text("previous_response_id") !== undefined || body.raw("conversation") !== undefined;
  return hasPrompt || (body.text("model") !== undefined && (hasInput || hasHistory));
}

interface ResponsesState {
  readonly draft: AnswerDraft;
  readonly provider: string | undefined;
  /** By their index in the output. */
  readonly items: Map<number, OutputItem>;
  /** Whether the provider goes on working on it when the answer ends here. */
  pending: boolean;
}

function createState(answer: AnswerSource | undefined): ResponsesState {
  return { draft: createDraft(), provider: answer?.provider, items: new Map(), pending: false };
}

export function readResponsesJson(value: unknown, answer?: AnswerSource): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState(answer);
  const { draft } = state;
  readResponse(state, value);
  for (const item of readList(value, "output")) {
    if (isJsonObject(item)) draft.outputChars += outputItemLength(item);
  }
  wholeAnswer(draft, value, "output");
  // What is done in the background has no end yet, and no usage.
  if (isPending(value)) draft.complete = false;
  state.pending = isPending(value);
  return facts(state);
}

/** The whole response comes with the first and last events; the ones between repeat its parts. */
const events: Omit<EventCodec<ResponsesState>, "createState"> = {
  skippedEvents: new Set([
    "response.in_progress",
    "response.queued",
    "response.content_part.added",
    "response.content_part.done",
    "response.output_text.done",
    "response.function_call_arguments.done",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_part.done",
    "response.reasoning_summary_text.done",
    "response.reasoning_text.done",
  ]),
  compileTemplate: createTemplateCompiler({
    text: ["delta"],
    ignored: [
      "sequence_number",
      "item_id",
      "output_index",
      "content_index",
      "summary_index",
      "obfuscation",
    ],
  }),
  readEvent,
  facts,
};

function readEvent(state: ResponsesState, event: JsonObject, name: string | undefined): void {
  const { draft } = state;
  const type = readLabel(event, "type") ?? name ?? "";
  const response = readObject(event, "response");
  if (response) readResponse(state, response);
  switch (type) {
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      noteComplete(draft);
      break;
    case "response.output_item.added":
    case "response.output_item.done":
      readItem(state, event["item"], readIndex(event, "output_index"));
      break;
    default:
      readOtherEvent(draft, type, event);
  }
}

function readOtherEvent(draft: AnswerDraft, type: string, event: JsonObject): void {
  if (type === "error") {
    // Older servers put the code beside the type.
    noteError(draft, event["error"] ?? { code: event["code"] });
  } else if (type === "") noteError(draft, event["error"]);
  else if (isTextDelta(type)) draft.outputChars += textLength(event, "delta");
}

/** Text, refusals, reasoning and arguments; audio comes as base64. */
function isTextDelta(type: string): boolean {
  return type.endsWith(".delta") && !type.endsWith("audio.delta");
}

function readResponse(state: ResponsesState, response: JsonObject): void {
  const { draft, items } = state;
  noteText(draft, "id", readLabel(response, "id"));
  noteText(draft, "model", readLabel(response, "model"));
  noteText(draft, "serviceTier", readLabel(response, "service_tier"));
  noteError(draft, response["error"]);
  const output = readList(response, "output");
  if (output.length > 0) items.clear();
  for (const [index, item] of output.entries()) readItem(state, item, index);
  const status = readLabel(response, "status");
  const reason = readLabel(readObject(response, "incomplete_details"), "reason") ?? status;
  // Only in the background is the work independent of who reads the stream.
  state.pending = isPending(response) && response["background"] === true;
  if (!isPending(response)) noteFinish(draft, 0, reason);
  readResponseUsage(state, response);
}

function isPending(response: JsonObject): boolean {
  return response["status"] === "in_progress" || response["status"] === "queued";
}

function readItem(state: ResponsesState, item: unknown, index: number | undefined): void {
  if (!isJsonObject(item)) return;
  state.items.set(index ?? state.items.size, readOutputItem(item));
  state.draft.revision++;
}

function readResponseUsage(state: ResponsesState, response: JsonObject): void {
  const { draft, items } = state;
  const counts = readUsage(response, draft);
  readProviderCost(counts, state.provider, draft);
  const usage = openAiUsage(counts, RESPONSES_USAGE_NAMES, draft);
  if (usage === undefined) return;
  const toolUsage = readObject(response, "tool_usage");
  const ran = [...items.values()];
  const searches = ran.filter((item) => item.isWebSearch).length;
  const fileSearches = ran.filter((item) => item.isFileSearch).length;
  const containers = new Set(ran.flatMap((item) => item.containerId ?? [])).size;
  const webSearchRequests =
    readCount(readObject(toolUsage, "web_search"), "num_requests", draft) ??
    (searches || undefined);
  noteUsage(draft, {
    ...usage,
    webSearchRequests,
    fileSearchRequests: fileSearches || undefined,
    codeExecutionSessions: containers || undefined,
  });
  const images = openAiUsage(readObject(toolUsage, "image_gen"), RESPONSES_USAGE_NAMES, draft);
  if (images?.inputTokens || images?.outputTokens) {
    draft.additionalUsage = [imageUsage(response, images)];
  }
}

/** The image tool has a model and a price of its own; an answer that does not name it stays unpriced. */
function imageUsage(response: JsonObject, usage: ModelUsage["usage"]): ModelUsage {
  const tool = readList(response, "tools").find(
    (candidate) => isJsonObject(candidate) && candidate["type"] === "image_generation",
  );
  return { model: (isJsonObject(tool) && readLabel(tool, "model")) || "image_generation", usage };
}

function facts({ draft, items, pending }: ResponsesState): ResponseFacts {
  const inOrder = [...items].toSorted(([a], [b]) => a - b);
  const toolCalls = inOrder.flatMap(([, item]) => item.toolName ?? []);
  const read = { ...draftFacts(draft), toolCalls };
  const isOpen = pending && draft.id !== undefined && draft.errorType === undefined;
  return isOpen ? { ...read, pending } : read;
}

import type { ApiCodec, SseEvent } from "./api-codec.ts";
import {
  missingModel,
  obfuscation,
  openaiError,
  openaiErrorBody,
  openaiErrorObject,
  openaiHeaders,
} from "./openai-wire.ts";
import type { ProviderError } from "./provider-error.ts";
import { asObject, type RecordedRequest } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/** OpenAI responses. Source: platform.openai.com/docs/api-reference/responses and recordings. */
export const openaiResponses: ApiCodec = {
  api: "openai.responses",
  matches: (path) => path === "/v1/responses",
  headers: openaiHeaders,
  check: missingModel,
  json: (reply) => JSON.stringify(finished(reply, outputItems(reply)), undefined, 2),
  events,
  error: openaiError,
  errorBody: openaiErrorBody,
  streamError,
};

/** An item of `output`, with what a stream sends between its `added` and its `done`. */
interface OutputItem {
  readonly id: string;
  readonly empty: object;
  readonly whole: object;
  readonly parts: readonly PartEvent[];
}
interface PartEvent {
  readonly type: string;
  readonly members: object;
  readonly chunk?: true;
}

function events(reply: Reply): SseEvent[] {
  const items = outputItems(reply);
  const padding = obfuscation(reply, asObject(reply.request.body["stream_options"]));
  const last = finished(reply, items);
  const open = { ...last, ...OPEN_MEMBERS };
  const sent: SseEvent[] = [];
  const push = (type: string, members: object, chunk = false): void => {
    const data = { type, ...members, ...(chunk && padding), sequence_number: sent.length };
    sent.push({ event: type, data: JSON.stringify(data), chunk });
  };
  push("response.created", { response: open });
  push("response.in_progress", { response: open });
  for (const [index, item] of items.entries()) {
    const at = { output_index: index };
    push("response.output_item.added", { item: item.empty, ...at });
    for (const { type, members, chunk } of item.parts) {
      push(type, { ...members, item_id: item.id, ...at }, chunk);
    }
    push("response.output_item.done", { item: item.whole, ...at });
  }
  push(`response.${last.status}`, { response: last });
  return sent;
}

function outputItems(reply: Reply): OutputItem[] {
  const items: OutputItem[] = [];
  if (reply.reasoning !== undefined) items.push(reasoningItem(reply.reasoning));
  if (reply.text !== undefined) items.push(messageItem(reply, reply.text));
  for (const call of reply.toolCalls) items.push(functionCallItem(call));
  return items;
}

function reasoningItem(text: string): OutputItem {
  const id = freshId("rs_");
  const item = { id, type: "reasoning" };
  const part = { type: "summary_text", text };
  const at = { summary_index: 0 };
  return {
    id,
    empty: { ...item, summary: [] },
    whole: { ...item, summary: [part] },
    parts: [
      {
        type: "response.reasoning_summary_part.added",
        members: { ...at, part: { ...part, text: "" } },
      },
      { type: "response.reasoning_summary_text.delta", members: { ...at, delta: text } },
      { type: "response.reasoning_summary_text.done", members: { ...at, text } },
      { type: "response.reasoning_summary_part.done", members: { ...at, part } },
    ],
  };
}

function messageItem(reply: Reply, text: string): OutputItem {
  const id = freshId("msg_");
  const item = { id, type: "message", role: "assistant" };
  const part = { type: "output_text", annotations: [], logprobs: [], text };
  const at = { content_index: 0 };
  const status = reply.truncated ? "incomplete" : "completed";
  return {
    id,
    empty: { ...item, status: "in_progress", content: [] },
    whole: { ...item, status, content: [part] },
    parts: [
      { type: "response.content_part.added", members: { ...at, part: { ...part, text: "" } } },
      ...reply.pieces.map((delta): PartEvent => ({
        type: "response.output_text.delta",
        members: { ...at, delta, logprobs: [] },
        chunk: true,
      })),
      { type: "response.output_text.done", members: { ...at, logprobs: [], text } },
      { type: "response.content_part.done", members: { ...at, part } },
    ],
  };
}

function functionCallItem(call: Reply["toolCalls"][number]): OutputItem {
  const id = freshId("fc_");
  const item = { id, type: "function_call", call_id: call.id ?? freshId("call_"), name: call.name };
  return {
    id,
    empty: { ...item, status: "in_progress", arguments: "" },
    whole: { ...item, status: "completed", arguments: call.argumentsText },
    parts: [
      ...call.pieces.map((delta): PartEvent => ({
        type: "response.function_call_arguments.delta",
        members: { delta },
        chunk: true,
      })),
      {
        type: "response.function_call_arguments.done",
        members: { arguments: call.argumentsText },
      },
    ],
  };
}

const OPEN_MEMBERS = {
  status: "in_progress",
  completed_at: null,
  incomplete_details: null,
  output: [],
  service_tier: "auto",
  usage: null,
} as const;

/** The response object when all is said. */
function finished(reply: Reply, items: readonly OutputItem[]) {
  return {
    id: `resp_${reply.id}`,
    object: "response",
    created_at: reply.createdAtSeconds,
    status: reply.script.finishReason ?? (reply.truncated ? "incomplete" : "completed"),
    background: false,
    completed_at: reply.createdAtSeconds,
    error: null,
    frequency_penalty: 0,
    incomplete_details: reply.truncated ? { reason: "max_output_tokens" } : null,
    max_tool_calls: null,
    model: reply.model,
    output: items.map((item) => item.whole),
    parallel_tool_calls: true,
    presence_penalty: 0,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null },
    safety_identifier: null,
    service_tier: reply.script.serviceTier ?? "default",
    text: { format: { type: "text" }, verbosity: "medium" },
    top_logprobs: 0,
    truncation: "disabled",
    usage: reply.usage ? responsesUsage(reply.usage) : null,
    user: null,
    ...echo(reply.request.body),
  };
}

/** Members that the API repeats from the request. */
function echo(body: RecordedRequest["body"]): object {
  return {
    instructions: body["instructions"] ?? null,
    max_output_tokens: body["max_output_tokens"] ?? null,
    metadata: body["metadata"] ?? {},
    previous_response_id: body["previous_response_id"] ?? null,
    store: body["store"] ?? true,
    temperature: body["temperature"] ?? 1,
    tool_choice: body["tool_choice"] ?? "auto",
    tools: body["tools"] ?? [],
    top_p: body["top_p"] ?? 1,
  };
}

function responsesUsage(usage: ReplyUsage): object {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cache_write_tokens: usage.cacheWriteTokens,
      cached_tokens: usage.cacheReadTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

function streamError(error: ProviderError, reply: Reply, sent: number): SseEvent[] {
  const { code, message } = error;
  const failed = {
    ...finished(reply, []),
    ...OPEN_MEMBERS,
    status: "failed",
    error: { code: code ?? error.type, message },
  };
  return [
    { type: "error", sequence_number: sent, error: openaiErrorObject(error) },
    { type: "response.failed", sequence_number: sent + 1, response: failed },
  ].map((data) => ({ event: data.type, data: JSON.stringify(data), chunk: false }));
}

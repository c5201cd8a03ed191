import type { ApiCodec, SseEvent } from "./api-codec.ts";
import {
  missingModel,
  obfuscation,
  openaiError,
  openaiErrorBody,
  openaiErrorObject,
  openaiHeaders,
} from "./openai-wire.ts";
import { asObject } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyToolCall, type ReplyUsage } from "./reply.ts";

/** OpenAI chat completions. Source: platform.openai.com/docs/api-reference/chat and recordings. */
export const openaiChat: ApiCodec = {
  api: "openai.chat",
  matches: (path) => path === "/v1/chat/completions",
  headers: openaiHeaders,
  check: missingModel,
  json: (reply) => `${JSON.stringify(completion(reply), undefined, 2)}\n`,
  events,
  error: openaiError,
  errorBody: openaiErrorBody,
  streamError: (error) => [
    { data: JSON.stringify({ error: openaiErrorObject(error) }), chunk: false },
  ],
};

function completion(reply: Reply): object {
  const { text, toolCalls, usage } = reply;
  return {
    id: `chatcmpl-${reply.id}`,
    object: "chat.completion",
    created: reply.createdAtSeconds,
    model: reply.model,
    choices: indexes(reply).map((index) => ({
      index,
      message: {
        role: "assistant",
        content: text ?? null,
        ...(toolCalls.length > 0 && { tool_calls: toolCalls.map((call) => toolCall(call)) }),
        refusal: null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: finishReason(reply),
    })),
    ...(usage && { usage: chatUsage(usage) }),
    service_tier: reply.script.serviceTier ?? "default",
    system_fingerprint: "fp_de604bd877",
  };
}

function events(reply: Reply): SseEvent[] {
  const streamOptions = asObject(reply.request.body["stream_options"]);
  const includeUsage = streamOptions["include_usage"] === true && reply.usage !== undefined;
  const head = {
    id: `chatcmpl-${reply.id}`,
    object: "chat.completion.chunk",
    created: reply.createdAtSeconds,
    model: reply.model,
    service_tier: reply.script.serviceTier ?? "default",
    system_fingerprint: "fp_de604bd877",
  };
  const event = (choices: readonly object[], usage: object | null, chunk: boolean): SseEvent => ({
    data: JSON.stringify({
      ...head,
      choices,
      ...(includeUsage && { usage }),
      ...obfuscation(reply, streamOptions),
    }),
    chunk,
  });
  const delta = (index: number, content: object, finish: string | null, chunk: boolean): SseEvent =>
    event([{ index, delta: content, logprobs: null, finish_reason: finish }], null, chunk);

  const sent: SseEvent[] = [];
  for (const index of indexes(reply)) {
    const content = reply.text === undefined ? null : "";
    sent.push(delta(index, { role: "assistant", content, refusal: null }, null, false));
    for (const piece of reply.pieces) sent.push(delta(index, { content: piece }, null, true));
    for (const [position, call] of reply.toolCalls.entries()) {
      const opening = { index: position, ...toolCall({ ...call, argumentsText: "" }) };
      sent.push(delta(index, { tool_calls: [opening] }, null, false));
      for (const piece of call.pieces) {
        const more = { index: position, function: { arguments: piece } };
        sent.push(delta(index, { tool_calls: [more] }, null, true));
      }
    }
    sent.push(delta(index, {}, finishReason(reply), false));
  }
  if (includeUsage && reply.usage) sent.push(event([], chatUsage(reply.usage), false));
  sent.push({ data: "[DONE]", chunk: false });
  return sent;
}

/** One for each choice that the request wants. */
export function indexes({ request }: Reply): number[] {
  const count = request.body["n"];
  return Array.from({ length: typeof count === "number" && count > 1 ? count : 1 }, (_, i) => i);
}

export function toolCall(call: ReplyToolCall): object {
  return {
    id: call.id ?? freshId("call_"),
    type: "function",
    function: { name: call.name, arguments: call.argumentsText },
  };
}

export function finishReason(reply: Reply): string {
  if (reply.script.finishReason !== undefined) return reply.script.finishReason;
  if (reply.truncated) return "length";
  return reply.toolCalls.length > 0 ? "tool_calls" : "stop";
}

function chatUsage(usage: ReplyUsage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      ...(usage.cacheWriteTokens > 0 && { cache_write_tokens: usage.cacheWriteTokens }),
      audio_tokens: usage.audioInputTokens ?? 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.audioOutputTokens ?? 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

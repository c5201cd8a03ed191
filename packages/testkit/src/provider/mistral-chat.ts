import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { indexes } from "./openai-chat.ts";
import { scriptedError, type ErrorKind, type ProviderError } from "./provider-error.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/**
 * Mistral chat completions, under `/mistral` because its path is OpenAI's.
 * Source: docs.mistral.ai/api and recordings.
 */
export const mistralChat: ApiCodec = {
  api: "mistral.chat",
  matches: (path) => path === "/mistral/v1/chat/completions",
  headers: (requestId) => ({
    "mistral-correlation-id": requestId,
    "x-kong-request-id": requestId,
    "x-envoy-upstream-service-time": "12",
  }),
  check: () => undefined,
  json: (reply) =>
    JSON.stringify({
      ...head(reply, "chat.completion"),
      choices: indexes(reply).map((index) => ({
        index,
        finish_reason: finishReason(reply),
        message: {
          role: "assistant",
          content: reply.text ?? "",
          tool_calls: reply.toolCalls.length > 0 ? toolCalls(reply) : null,
        },
      })),
      ...(reply.usage && { usage: counts(reply.usage) }),
    }),
  events,
  error: (script, status) => scriptedError(script, status, MISTRAL_ERRORS),
  errorBody: (error) => JSON.stringify(errorObject(error)),
  streamError: (error) => [{ data: JSON.stringify(errorObject(error)), chunk: false }],
};

/** Source: docs.mistral.ai/resources/error-handling and recorded answers. */
const MISTRAL_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: { type: "invalid_request_error", code: "3051", message: "Invalid request" },
  401: { type: "unauthorized", code: null, message: "Unauthorized" },
  404: { type: "invalid_model", code: "1500", message: "Invalid model" },
  429: { type: "rate_limited", code: "1300", message: "Rate limit exceeded" },
  500: { type: "internal_server_error", code: "3000", message: "Internal server error" },
};

function errorObject({ message, type, param, code }: ProviderError): object {
  return { object: "error", message, type, param, code };
}

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (
    index: number,
    delta: object,
    finish: string | null,
    chunk: boolean,
    usage?: object,
  ): void => {
    sent.push({
      data: JSON.stringify({
        ...head(reply, "chat.completion.chunk"),
        choices: [{ index, delta, finish_reason: finish }],
        ...(usage && { usage }),
        p: "abcdefghij".slice(0, 1 + (sent.length % 9)),
      }),
      chunk,
    });
  };
  // Usage comes unasked, with the last piece of the answer.
  for (const index of indexes(reply)) {
    push(index, { role: "assistant", content: "" }, null, false);
    for (const content of reply.pieces) push(index, { content }, null, true);
    const calls = reply.toolCalls.length > 0 ? { tool_calls: toolCalls(reply) } : {};
    push(
      index,
      { content: "", ...calls },
      finishReason(reply),
      reply.toolCalls.length > 0,
      reply.usage && counts(reply.usage),
    );
  }
  sent.push({ data: "[DONE]", chunk: false });
  return sent;
}

function head(reply: Reply, object: string): object {
  return { id: reply.id, object, created: reply.createdAtSeconds, model: reply.model };
}

function toolCalls(reply: Reply): object[] {
  return reply.toolCalls.map((call, index) => ({
    id: call.id ?? freshId("").slice(0, 9),
    function: { name: call.name, arguments: call.argumentsText },
    index,
  }));
}

function finishReason(reply: Reply): string {
  if (reply.script.finishReason !== undefined) return reply.script.finishReason;
  if (reply.truncated) return "length";
  return reply.toolCalls.length > 0 ? "tool_calls" : "stop";
}

function counts(usage: ReplyUsage): object {
  return {
    prompt_tokens: usage.inputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    completion_tokens: usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
  };
}

import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { scriptedError, type ErrorKind } from "./provider-error.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/** Cohere chat, version 2. Source: docs.cohere.com/reference/chat and recordings. */
export const cohereChat: ApiCodec = {
  api: "cohere.chat",
  matches: (path) => path === "/v2/chat",
  headers: (requestId) => ({
    "x-debug-trace-id": requestId,
    "x-endpoint-monthly-call-limit": "1000",
    "x-trial-endpoint-call-limit": "40",
  }),
  check: () => undefined,
  json: (reply) =>
    JSON.stringify({
      id: reply.id,
      message: {
        role: "assistant",
        ...(reply.toolCalls.length > 0 && { tool_calls: toolCalls(reply) }),
        ...(contents(reply).length > 0 && { content: contents(reply).map(({ whole }) => whole) }),
      },
      finish_reason: finishReason(reply),
      ...(reply.usage && { usage: counts(reply.usage) }),
    }),
  events,
  error: (script, status) => scriptedError(script, status, COHERE_ERRORS),
  errorBody: ({ message }, requestId) => JSON.stringify({ id: requestId, message }),
  streamError: ({ message }) => [
    {
      event: "message-end",
      data: JSON.stringify({
        type: "message-end",
        delta: { error: message, finish_reason: "ERROR" },
      }),
      chunk: false,
    },
  ],
};

/** Source: docs.cohere.com/reference/errors. An error is a message, nothing else. */
const COHERE_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: {
    type: "bad_request",
    code: null,
    message: "invalid request: message must be at least 1 token long",
  },
  401: { type: "unauthorized", code: null, message: "invalid api token" },
  404: { type: "not_found", code: null, message: "model not found" },
  429: {
    type: "too_many_requests",
    code: null,
    message: "You are past the per minute request limit, please wait and try again later.",
  },
  500: { type: "internal_server_error", code: null, message: "internal server error" },
};

interface Content {
  readonly whole: object;
  readonly start: object;
  readonly deltas: readonly object[];
}

function contents(reply: Reply): Content[] {
  const made: Content[] = [];
  if (reply.reasoning !== undefined) {
    made.push({
      whole: { type: "thinking", thinking: reply.reasoning },
      start: { type: "thinking", thinking: "" },
      deltas: [{ thinking: reply.reasoning }],
    });
  }
  if (reply.text !== undefined) {
    made.push({
      whole: { type: "text", text: reply.text },
      start: { type: "text", text: "" },
      deltas: reply.pieces.map((text) => ({ text })),
    });
  }
  return made;
}

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (event: string, members: object = {}, chunk = false): void => {
    sent.push({ event, data: JSON.stringify({ type: event, ...members }), chunk });
  };
  const message = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  push("message-start", { id: reply.id, delta: { message } });
  for (const [index, { start, deltas }] of contents(reply).entries()) {
    push("content-start", { index, delta: { message: { content: start } } });
    for (const content of deltas)
      push("content-delta", { index, delta: { message: { content } } }, true);
    push("content-end", { index });
  }
  for (const [index, call] of reply.toolCalls.entries()) {
    const opening = toolCall({ ...call, argumentsText: "" });
    push("tool-call-start", { index, delta: { message: { tool_calls: opening } } });
    for (const piece of call.pieces) {
      const more = { function: { arguments: piece } };
      push("tool-call-delta", { index, delta: { message: { tool_calls: more } } }, true);
    }
    push("tool-call-end", { index });
  }
  push("message-end", {
    delta: {
      finish_reason: finishReason(reply),
      ...(reply.usage && { usage: counts(reply.usage) }),
    },
  });
  return sent;
}

function toolCalls(reply: Reply): object[] {
  return reply.toolCalls.map((call) => toolCall(call));
}

function toolCall(call: Reply["toolCalls"][number]): object {
  return {
    id: call.id ?? freshId(`${call.name}_`),
    type: "function",
    function: { name: call.name, arguments: call.argumentsText },
  };
}

function finishReason(reply: Reply): string {
  if (reply.script.finishReason !== undefined) return reply.script.finishReason;
  if (reply.truncated) return "MAX_TOKENS";
  return reply.toolCalls.length > 0 ? "TOOL_CALL" : "COMPLETE";
}

/** What is billed is without the template around the prompt; `tokens` is with it. */
function counts({ inputTokens, outputTokens, cacheReadTokens }: ReplyUsage): object {
  return {
    billed_units: { input_tokens: inputTokens, output_tokens: outputTokens },
    tokens: { input_tokens: inputTokens + TEMPLATE_TOKENS, output_tokens: outputTokens + 2 },
    cached_tokens: cacheReadTokens,
  };
}

const TEMPLATE_TOKENS = 497;

import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { ANTHROPIC_ERRORS, scriptedError, type ProviderError } from "./provider-error.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/** Anthropic messages. Source: docs.claude.com/en/api/messages and recordings. */
export const anthropicMessages: ApiCodec = {
  api: "anthropic.messages",
  matches: (path) => path === "/v1/messages",
  headers: (requestId) => ({
    "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
    "anthropic-ratelimit-requests-limit": "4000",
    "anthropic-ratelimit-requests-remaining": "3999",
    "anthropic-ratelimit-tokens-limit": "480000",
    "anthropic-ratelimit-tokens-remaining": "479000",
    "request-id": requestId,
  }),
  check: missingMember,
  json: (reply) =>
    JSON.stringify({
      ...messageHead(reply),
      content: blocks(reply).map((block) => block.whole),
      stop_reason: stopReason(reply),
      ...(reply.usage && { usage: wholeUsage(reply, reply.usage) }),
    }),
  events,
  error: (script, status) => scriptedError(script, status, ANTHROPIC_ERRORS),
  errorBody: (error, requestId) => JSON.stringify(errorObject(error, requestId)),
  streamError: (error, _reply, _sent, requestId) => [
    { event: "error", data: JSON.stringify(errorObject(error, requestId)), chunk: false },
  ],
};

function missingMember({ body }: RecordedRequest): ProviderError | undefined {
  const missing = ["model", "max_tokens", "messages"].find((key) => body[key] === undefined);
  if (missing === undefined) return undefined;
  return {
    status: 400,
    type: "invalid_request_error",
    code: null,
    param: null,
    message: `${missing}: Field required`,
  };
}

function errorObject({ type, message }: ProviderError, requestId: string): object {
  return { type: "error", error: { details: null, type, message }, request_id: requestId };
}

/** A content block and the deltas that a stream sends it in. */
interface Block {
  readonly start: object;
  readonly whole: object;
  readonly deltas: readonly object[];
  /** Deltas that are not generated output, sent last. */
  readonly closing?: readonly object[];
}

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (event: string, members: object = {}, chunk = false): void => {
    sent.push({ event, data: JSON.stringify({ type: event, ...members }), chunk });
  };
  push("message_start", {
    message: {
      ...messageHead(reply),
      ...(reply.usage && { usage: { ...wholeUsage(reply, reply.usage), output_tokens: 1 } }),
    },
  });
  for (const [index, block] of blocks(reply).entries()) {
    push("content_block_start", { index, content_block: block.start });
    if (index === 0) push("ping");
    for (const delta of block.deltas) push("content_block_delta", { index, delta }, true);
    for (const delta of block.closing ?? []) push("content_block_delta", { index, delta });
    push("content_block_stop", { index });
  }
  push("message_delta", {
    delta: { stop_reason: stopReason(reply), stop_sequence: null, stop_details: null },
    ...(reply.usage && { usage: tokenCounts(reply.usage) }),
  });
  push("message_stop");
  return sent;
}

function messageHead(reply: Reply): object {
  return {
    model: reply.model,
    id: `msg_01${reply.id}`,
    type: "message",
    role: "assistant",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
}

function blocks(reply: Reply): Block[] {
  const made: Block[] = [];
  if (reply.reasoning !== undefined) {
    const signature = freshId("Eq");
    made.push({
      start: { type: "thinking", thinking: "", signature: "" },
      whole: { type: "thinking", thinking: reply.reasoning, signature },
      deltas: [{ type: "thinking_delta", thinking: reply.reasoning }],
      closing: [{ type: "signature_delta", signature }],
    });
  }
  if (reply.text !== undefined) {
    made.push({
      start: { type: "text", text: "" },
      whole: { type: "text", text: reply.text },
      deltas: reply.pieces.map((text) => ({ type: "text_delta", text })),
    });
  }
  for (const call of reply.toolCalls) {
    const id = call.id ?? freshId("toolu_01");
    made.push({
      start: { type: "tool_use", id, name: call.name, input: {} },
      whole: { type: "tool_use", id, name: call.name, input: call.arguments },
      deltas: call.pieces.map((json) => ({ type: "input_json_delta", partial_json: json })),
    });
  }
  return made;
}

function stopReason(reply: Reply): string {
  if (reply.script.finishReason !== undefined) return reply.script.finishReason;
  if (reply.truncated) return "max_tokens";
  return reply.toolCalls.length > 0 ? "tool_use" : "end_turn";
}

/** Anthropic counts cached input apart: its `input_tokens` is what no cache had to do with. */
function tokenCounts(usage: ReplyUsage): object {
  return {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens !== undefined && {
      output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    }),
    ...(usage.webSearchRequests !== undefined && {
      server_tool_use: { web_search_requests: usage.webSearchRequests },
    }),
  };
}

function wholeUsage(reply: Reply, usage: ReplyUsage): object {
  const oneHourTokens = usage.cacheWrite1hTokens ?? 0;
  return {
    ...tokenCounts(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens - oneHourTokens,
      ephemeral_1h_input_tokens: oneHourTokens,
    },
    service_tier: reply.script.serviceTier ?? "standard",
    inference_geo: "not_available",
  };
}

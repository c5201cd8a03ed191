import type { ApiCodec, SseEvent } from "./api-codec.ts";
import {
  BEDROCK_FRAMING,
  bedrockError,
  bedrockErrorBody,
  bedrockErrorHeaders,
  bedrockHeaders,
  bedrockStreamError,
  readBedrockAsked,
} from "./bedrock-wire.ts";
import { asObject } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/**
 * Bedrock's Converse and ConverseStream.
 * Source: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html and recordings.
 */
export const bedrockConverse: ApiCodec = {
  api: "bedrock.converse",
  matches: (path) => /^\/model\/.+\/converse(?:-stream)?$/.test(path),
  readAsked: (request) =>
    readBedrockAsked(request, asObject(request.body["inferenceConfig"])["maxTokens"]),
  framing: BEDROCK_FRAMING,
  headers: bedrockHeaders,
  errorHeaders: bedrockErrorHeaders,
  check: ({ body }) =>
    body["messages"] === undefined ? bedrockError(NO_MESSAGES, 400) : undefined,
  json: (reply) =>
    JSON.stringify({
      metrics: METRICS,
      output: { message: { content: blocks(reply).map(({ whole }) => whole), role: "assistant" } },
      stopReason: stopReason(reply),
      ...(reply.usage && { usage: counts(reply.usage) }),
    }),
  events,
  error: bedrockError,
  errorBody: bedrockErrorBody,
  streamError: (error) => [bedrockStreamError(error)],
};

const NO_MESSAGES = {
  errorMessage:
    "1 validation error detected: Value null at 'messages' failed to satisfy constraint",
};
const METRICS = { latencyMs: 412 };

/** A content block and what a stream sends of it. */
interface Block {
  readonly whole: object;
  /** Only tool calls have one. */
  readonly start?: object;
  readonly deltas: readonly object[];
  /** Deltas that are not generated output, sent last. */
  readonly closing?: readonly object[];
}

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (event: string, members: object, chunk = false): void => {
    // Padding, so that the length of a message does not give its text away.
    sent.push({ event, data: JSON.stringify({ ...members, p: "abcdefghij" }), chunk });
  };
  push("messageStart", { role: "assistant" });
  for (const [contentBlockIndex, block] of blocks(reply).entries()) {
    if (block.start) push("contentBlockStart", { contentBlockIndex, start: block.start });
    for (const delta of block.deltas) push("contentBlockDelta", { contentBlockIndex, delta }, true);
    for (const delta of block.closing ?? [])
      push("contentBlockDelta", { contentBlockIndex, delta });
    push("contentBlockStop", { contentBlockIndex });
  }
  push("messageStop", { stopReason: stopReason(reply) });
  push("metadata", { metrics: METRICS, ...(reply.usage && { usage: counts(reply.usage) }) });
  return sent;
}

function blocks(reply: Reply): Block[] {
  const made: Block[] = [];
  if (reply.reasoning !== undefined) {
    const signature = freshId("Eq");
    made.push({
      whole: { reasoningContent: { reasoningText: { signature, text: reply.reasoning } } },
      deltas: [{ reasoningContent: { text: reply.reasoning } }],
      closing: [{ reasoningContent: { signature } }],
    });
  }
  if (reply.text !== undefined) {
    made.push({
      whole: { text: reply.text },
      deltas: reply.pieces.map((text) => ({ text })),
    });
  }
  for (const call of reply.toolCalls) {
    const tool = { name: call.name, toolUseId: call.id ?? freshId("tooluse_") };
    made.push({
      whole: { toolUse: { ...tool, input: call.arguments } },
      start: { toolUse: tool },
      deltas: call.pieces.map((input) => ({ toolUse: { input } })),
    });
  }
  return made;
}

function stopReason(reply: Reply): string {
  if (reply.script.finishReason !== undefined) return reply.script.finishReason;
  if (reply.truncated) return "max_tokens";
  return reply.toolCalls.length > 0 ? "tool_use" : "end_turn";
}

/** Cached input is counted apart, as Anthropic does; the total has it. */
function counts(usage: ReplyUsage): object {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    cacheReadInputTokenCount: cacheReadTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokenCount: cacheWriteTokens,
    cacheWriteInputTokens: cacheWriteTokens,
    inputTokens: inputTokens - cacheReadTokens - cacheWriteTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
  };
}

import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { finishReason, openaiChat, toolCall } from "./openai-chat.ts";
import type { Reply, ReplyUsage } from "./reply.ts";

/**
 * Together's chat completions, under `/together` because its path is OpenAI's: usage unasked in the
 * last chunk of a stream, and the text a second time beside the delta.
 * Source: docs.together.ai/reference/chat-completions and recordings.
 */
export const togetherChat: ApiCodec = {
  ...openaiChat,
  api: "together.chat",
  matches: (path) => path === "/together/v1/chat/completions",
  headers: (requestId) => ({
    "x-request-id": requestId,
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "9",
  }),
  json: (reply) =>
    JSON.stringify({
      ...head(reply, "chat.completion"),
      prompt: [],
      choices: [
        {
          finish_reason: finishReason(reply),
          seed: 1,
          logprobs: null,
          index: 0,
          message: {
            role: "assistant",
            content: reply.text ?? null,
            tool_calls: reply.toolCalls.map((call) => toolCall(call)),
          },
        },
      ],
      ...(reply.usage && { usage: counts(reply.usage) }),
    }),
  events,
};

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (
    text: string,
    delta: object,
    finish: string | null,
    chunk: boolean,
    usage: object | null = null,
  ): void => {
    const choice = { index: 0, text, logprobs: null, finish_reason: finish, seed: null };
    sent.push({
      data: JSON.stringify({
        ...head(reply, "chat.completion.chunk"),
        choices: [{ ...choice, delta: { role: "assistant", content: text, ...delta } }],
        usage,
      }),
      chunk,
    });
  };
  for (const piece of reply.pieces) push(piece, { tool_calls: null }, null, true);
  for (const [index, call] of reply.toolCalls.entries()) {
    push("", { content: null, tool_calls: [{ index, ...toolCall(call) }] }, null, true);
  }
  const usage = reply.usage ? counts(reply.usage) : null;
  push("", { tool_calls: null }, finishReason(reply), false, usage);
  sent.push({ data: "[DONE]", chunk: false });
  return sent;
}

function head(reply: Reply, object: string): object {
  return { id: reply.id, object, created: reply.createdAtSeconds, model: reply.model };
}

function counts(usage: ReplyUsage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    cached_tokens: usage.cacheReadTokens,
  };
}

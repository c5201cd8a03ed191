import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { openaiChat } from "./openai-chat.ts";
import { asObject } from "./recorded-request.ts";
import type { Reply } from "./reply.ts";

const SECONDS = {
  queue_time: 0.041,
  prompt_time: 0.004,
  completion_time: 0.12,
  total_time: 0.124,
};

/**
 * Groq's chat completions: OpenAI's, with timings in the usage, which a stream gives twice.
 * Source: console.groq.com/docs/api-reference and recordings.
 */
export const groqChat: ApiCodec = {
  ...openaiChat,
  api: "groq.chat",
  matches: (path) => path === "/openai/v1/chat/completions",
  headers: (requestId) => ({
    "x-groq-region": "fra",
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-remaining-requests": "14399",
    "x-request-id": requestId,
  }),
  json: (reply) => {
    const answer = asObject(JSON.parse(openaiChat.json(reply)));
    return JSON.stringify({
      ...answer,
      ...(reply.usage && { usage: timed(answer["usage"]) }),
      x_groq: { id: `req_${reply.id}` },
    });
  },
  events,
};

/** Asked for or not, the usage comes with the chunk that has the finish reason. */
function events(reply: Reply): SseEvent[] {
  const head = { x_groq: { id: `req_${reply.id}` } };
  const { usage } = asObject(JSON.parse(openaiChat.json(reply)));
  const usual = openaiChat.events(reply).flatMap(({ data, chunk }) => {
    const event = data === "[DONE]" ? undefined : asObject(JSON.parse(data));
    if (event && isEmptyList(event["choices"])) return [];
    return [{ chunk, event: event && withoutPadding(event) }];
  });
  const lastIndex = usual.findLastIndex(({ event }) => event !== undefined);
  return usual.map(({ event, chunk }, index) => {
    if (!event) return { data: "[DONE]", chunk };
    const counted =
      index === lastIndex && reply.usage
        ? { usage: timed(usage), x_groq: { ...head.x_groq, usage: timed(usage) } }
        : {};
    return { data: JSON.stringify({ ...event, ...(index === 0 && head), ...counted }), chunk };
  });
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Groq pads nothing, and has no usage in the chunks before the last. */
function withoutPadding(event: Readonly<Record<string, unknown>>): object {
  const { obfuscation: _padding, usage: _usage, ...rest } = event;
  return rest;
}

function timed(usage: unknown): object {
  return { ...asObject(usage), ...SECONDS };
}

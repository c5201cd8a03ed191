import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { readAsked, readLimit } from "./asked.ts";
import { OPENAI_ERRORS, scriptedError } from "./provider-error.ts";
import { asObject } from "./recorded-request.ts";
import type { Reply } from "./reply.ts";

/**
 * Ollama chat: a line of JSON per piece, streamed unless asked not to.
 * Source: docs.ollama.com/api/chat and recordings.
 */
export const ollamaChat: ApiCodec = {
  api: "ollama.chat",
  matches: (path) => path === "/api/chat",
  readAsked: (request) => ({
    ...readAsked(request),
    streaming: request.body["stream"] !== false,
    outputLimitTokens: readLimit(asObject(request.body["options"])["num_predict"]),
  }),
  framing: { contentType: "application/x-ndjson", format: ({ data }) => `${data}\n` },
  headers: () => ({}),
  check: () => undefined,
  json: (reply) => JSON.stringify(last(reply, message(reply, reply.text ?? ""))),
  events,
  error: (script, status) => scriptedError(script, status, OPENAI_ERRORS),
  errorBody: ({ message: words }) => JSON.stringify({ error: words }),
  streamError: ({ message: words }) => [{ data: JSON.stringify({ error: words }), chunk: false }],
};

function events(reply: Reply): SseEvent[] {
  const sent: SseEvent[] = [];
  const push = (members: object, chunk: boolean): void => {
    const line = { ...head(reply), message: { role: "assistant", ...members }, done: false };
    sent.push({ data: JSON.stringify(line), chunk });
  };
  if (reply.reasoning !== undefined) push({ content: "", thinking: reply.reasoning }, true);
  for (const content of reply.pieces) push({ content }, true);
  for (const call of toolCalls(reply)) push({ content: "", tool_calls: [call] }, true);
  const end = last(reply, { role: "assistant", content: "" });
  sent.push({ data: JSON.stringify(end), chunk: false });
  return sent;
}

function head(reply: Reply): object {
  const at = new Date(reply.createdAtSeconds * 1000).toISOString();
  return { model: reply.model, created_at: at };
}

function message(reply: Reply, content: string): object {
  return {
    role: "assistant",
    content,
    ...(reply.reasoning !== undefined && { thinking: reply.reasoning }),
    ...(reply.toolCalls.length > 0 && { tool_calls: toolCalls(reply) }),
  };
}

/** Arguments are an object, and calls have no ids. */
function toolCalls(reply: Reply): object[] {
  return reply.toolCalls.map((call) => ({
    function: { name: call.name, arguments: call.arguments },
  }));
}

function last(reply: Reply, said: object): object {
  const { usage } = reply;
  return {
    ...head(reply),
    message: said,
    done: true,
    done_reason: reply.script.finishReason ?? (reply.truncated ? "length" : "stop"),
    total_duration: 820_667_686,
    load_duration: 120_000_000,
    ...(usage && {
      prompt_eval_count: usage.inputTokens,
      prompt_eval_duration: 90_000_000,
      eval_count: usage.outputTokens,
      eval_duration: 610_000_000,
    }),
  };
}

import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { readAsked, readLimit } from "./asked.ts";
import { googleError, GOOGLE_HEADERS } from "./google-wire.ts";
import type { ProviderError } from "./provider-error.ts";
import { asObject } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

/** Google interactions. Source: ai.google.dev/api/interactions-api and recordings. */
export const googleInteractions: ApiCodec = {
  api: "google.interactions",
  matches: (path) => /^\/v1(?:beta|alpha)?\/interactions$/.test(path),
  readAsked: (request) => ({
    ...readAsked(request),
    outputLimitTokens: readLimit(asObject(request.body["generation_config"])["max_output_tokens"]),
  }),
  framing: {
    contentType: "text/event-stream",
    format: ({ event, data }) => `event: ${event}\ndata: ${data}\n\n`,
  },
  headers: () => GOOGLE_HEADERS,
  check: () => undefined,
  json: (reply) =>
    JSON.stringify(
      { ...finished(reply), steps: steps(reply).map(({ whole }) => whole) },
      undefined,
      2,
    ),
  events,
  error: googleError,
  errorBody: (error) => JSON.stringify({ error: errorObject(error) }),
  streamError: (error) => [
    {
      event: "error",
      data: JSON.stringify({ error: errorObject(error), event_type: "error" }),
      chunk: false,
    },
  ],
};

/** One step of `steps`, and the deltas that a stream sends it in. */
interface Step {
  readonly whole: object;
  readonly start: object;
  readonly deltas: readonly object[];
}

/** Here the code is a word, in lower case. */
function errorObject({ type, message }: ProviderError): object {
  return { code: type.toLowerCase(), message };
}

function steps(reply: Reply): Step[] {
  const made: Step[] = [];
  if (reply.reasoning !== undefined) {
    const signature = freshId("Cq");
    made.push({
      whole: { signature, type: "thought" },
      start: { type: "thought" },
      deltas: [{ signature, type: "thought_signature" }],
    });
  }
  if (reply.text !== undefined) {
    made.push({
      whole: { content: [{ text: reply.text, type: "text" }], type: "model_output" },
      start: { type: "model_output" },
      deltas: reply.pieces.map((text) => ({ text, type: "text" })),
    });
  }
  for (const call of reply.toolCalls) {
    const step = { id: call.id ?? freshId(""), type: "function_call", name: call.name };
    made.push({
      whole: { ...step, arguments: call.arguments },
      start: { ...step, arguments: {} },
      deltas: [{ arguments: call.argumentsText, type: "arguments_delta" }],
    });
  }
  return made;
}

function events(reply: Reply): SseEvent[] {
  const { id, model } = identity(reply);
  const sent: SseEvent[] = [];
  const push = (event: string, members: object, chunk = false): void => {
    sent.push({ event, data: JSON.stringify({ ...members, event_type: event }), chunk });
  };
  const status = "in_progress";
  push("interaction.created", { interaction: { id, status, object: "interaction", model } });
  push("interaction.status_update", { interaction_id: id, status });
  for (const [index, step] of steps(reply).entries()) {
    push("step.start", { index, step: step.start });
    for (const delta of step.deltas) push("step.delta", { index, delta }, true);
    push("step.stop", { index });
  }
  push("interaction.completed", { interaction: finished(reply) });
  sent.push({ event: "done", data: "[DONE]", chunk: false });
  return sent;
}

function identity({ id, model }: Reply): { id: string; model: string } {
  return { id: `v1_${id}`, model };
}

function finished(reply: Reply): object {
  const at = new Date(reply.createdAtSeconds * 1000).toISOString().replace(".000", "");
  const waiting = reply.toolCalls.length > 0 ? "requires_action" : "completed";
  return {
    ...identity(reply),
    status: reply.script.finishReason ?? (reply.truncated ? "incomplete" : waiting),
    ...(reply.usage && { usage: counts(reply.usage) }),
    created: at,
    updated: at,
    service_tier: reply.script.serviceTier ?? "standard",
    object: "interaction",
  };
}

/** Thought is counted beside the output, and cached input within the input. */
function counts(usage: ReplyUsage): object {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens = 0 } = usage;
  return {
    total_tokens: inputTokens + outputTokens,
    total_input_tokens: inputTokens,
    input_tokens_by_modality: [{ modality: "text", tokens: inputTokens }],
    total_cached_tokens: cacheReadTokens,
    total_output_tokens: outputTokens - reasoningTokens,
    total_tool_use_tokens: 0,
    total_thought_tokens: reasoningTokens,
  };
}

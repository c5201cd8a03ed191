import type { ResponseFacts } from "@tollgate/core";
import { matchCall, type AnswerSource, type WireApi } from "../src/index.ts";

export function apiAt(url: string): WireApi {
  const call = matchCall("POST", url);
  if (!call) throw new Error(`no API at ${url}`);
  return call.api;
}

export const chat: WireApi = apiAt("https://api.openai.com/v1/chat/completions");
export const responses: WireApi = apiAt("https://api.openai.com/v1/responses");
export const completions: WireApi = apiAt("https://api.openai.com/v1/completions");
export const embeddings: WireApi = apiAt("https://api.openai.com/v1/embeddings");
export const images: WireApi = apiAt("https://api.openai.com/v1/images/edits");
export const speech: WireApi = apiAt("https://api.openai.com/v1/audio/speech");
export const transcriptions: WireApi = apiAt("https://api.openai.com/v1/audio/transcriptions");
export const moderations: WireApi = apiAt("https://api.openai.com/v1/moderations");
export const compact: WireApi = apiAt("https://api.openai.com/v1/responses/compact");
export const reranking: WireApi = apiAt("https://api.together.xyz/v1/rerank");
export const messages: WireApi = apiAt("https://api.anthropic.com/v1/messages");

export const ALL_APIS: readonly WireApi[] = [
  chat,
  responses,
  completions,
  embeddings,
  images,
  speech,
  transcriptions,
  moderations,
  compact,
  reranking,
  messages,
];

/** An answer of a vendor, with headers if they matter. */
export function from(
  provider: string,
  headers: Readonly<Record<string, string>> = {},
): AnswerSource {
  return { provider, header: (name) => headers[name] };
}

/** Events as OpenAI's chat completions frame them. */
export function dataEvents(...events: readonly (object | string)[]): string {
  return events
    .map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`)
    .join("");
}

export interface NamedEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Events as Anthropic and the Responses API frame them: the type is said twice. */
export function namedEvents(...events: readonly NamedEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** Reads a stream as it comes in chunks that end at the given byte offsets. */
export function readStream(
  api: WireApi,
  body: string | Uint8Array,
  cuts: readonly number[] = [],
  answer?: AnswerSource,
): ResponseFacts {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const reader = api.createStreamReader(answer);
  const ends = [...cuts, bytes.length]
    .filter((cut) => cut <= bytes.length)
    .toSorted((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    // As a caller may, give a chunk away once it is written.
    const chunk = bytes.slice(start, end);
    reader.write(chunk);
    chunk.fill(0);
    start = end;
  }
  return reader.end();
}

const CHUNK = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  model: "gpt-4o-mini-2024-07-18",
};

export function chatChunk(
  delta: object,
  finishReason: string | null = null,
  index = 0,
): Record<string, unknown> {
  return { ...CHUNK, choices: [{ index, delta, finish_reason: finishReason }], usage: null };
}

export const CHAT_USAGE_CHUNK: Record<string, unknown> = {
  ...CHUNK,
  choices: [],
  usage: {
    prompt_tokens: 21,
    completion_tokens: 9,
    total_tokens: 30,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 3, audio_tokens: 0 },
  },
};

export const CHAT_STREAM: string = dataEvents(
  chatChunk({ role: "assistant", content: "" }),
  ...["Good", " morning", ', "Zoë" 🌞', "\n", "ぎ"].map((content) => chatChunk({ content })),
  chatChunk({ tool_calls: [{ index: 0, id: "c1", function: { name: "look_up", arguments: "" } }] }),
  chatChunk({ tool_calls: [{ index: 0, function: { arguments: '{"q":' } }] }),
  chatChunk({ tool_calls: [{ index: 0, function: { arguments: '"a"}' } }] }),
  chatChunk({}, "tool_calls"),
  CHAT_USAGE_CHUNK,
  "[DONE]",
);

export const RESPONSES_STREAM: string = namedEvents(
  {
    type: "response.created",
    response: { id: "resp_1", model: "gpt-5-nano", status: "in_progress", output: [], usage: null },
  },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { type: "function_call", name: "weather", arguments: "" },
  },
  ...['{"city":', '"Nîmes"', "}"].map((delta, index) => ({
    type: "response.function_call_arguments.delta",
    sequence_number: 4 + index,
    item_id: "fc_1",
    output_index: 0,
    delta,
  })),
  ...["It", " is", " hot\n"].map((delta, index) => ({
    type: "response.output_text.delta",
    sequence_number: 9 + index,
    item_id: "msg_1",
    output_index: 1,
    delta,
  })),
  {
    type: "response.completed",
    response: {
      id: "resp_1",
      model: "gpt-5-nano",
      status: "completed",
      service_tier: "flex",
      output: [
        { type: "function_call", name: "weather", arguments: '{"city":"Nîmes"}' },
        { type: "message", content: [{ type: "output_text", text: "It is hot\n" }] },
      ],
      usage: {
        input_tokens: 50,
        input_tokens_details: { cached_tokens: 16 },
        output_tokens: 30,
        output_tokens_details: { reasoning_tokens: 8 },
      },
    },
  },
);

export const MESSAGES_STREAM: string = namedEvents(
  {
    type: "message_start",
    message: {
      id: "msg_1",
      model: "claude-haiku-4-5",
      content: [],
      stop_reason: null,
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 8, ephemeral_1h_input_tokens: 12 },
        output_tokens: 1,
        service_tier: "standard",
      },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "ping" },
  ...["I'll", " look", " — 見る\n"].map((text) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text },
  })),
  { type: "content_block_stop", index: 0 },
  {
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "toolu_1", name: "search", input: {} },
  },
  ...["", '{"q":', ' "x"}'].map((json) => ({
    type: "content_block_delta",
    index: 1,
    delta: { type: "input_json_delta", partial_json: json },
  })),
  { type: "content_block_stop", index: 1 },
  {
    type: "message_delta",
    delta: { stop_reason: "tool_use", stop_sequence: null },
    usage: { output_tokens: 57 },
  },
  { type: "message_stop" },
);

const TEXT_CHUNK = {
  id: "cmpl-1",
  object: "text_completion",
  model: "davinci:2023-07-21-v2",
};

export function textChunk(text: string, finishReason: string | null = null, index = 0): object {
  return { ...TEXT_CHUNK, choices: [{ text, index, logprobs: null, finish_reason: finishReason }] };
}

export const COMPLETIONS_STREAM: string = dataEvents(
  ...["Once", " upon", ' a "time"', " — Žofie\n", "🌞"].map((text) => textChunk(text)),
  textChunk("", "length"),
  { ...TEXT_CHUNK, choices: [], usage: { prompt_tokens: 6, completion_tokens: 7 } },
  "[DONE]",
);

export const IMAGES_STREAM: string = namedEvents(
  ...[0, 1, 2].map((index) => ({
    type: "image_edit.partial_image",
    b64_json: "iVBORw0KGgo=",
    partial_image_index: index,
  })),
  {
    type: "image_edit.completed",
    b64_json: "iVBORw0KGgoAAAANSUhEUg==",
    usage: {
      total_tokens: 100,
      input_tokens: 50,
      output_tokens: 50,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
    },
  },
);

export const SPEECH_STREAM: string = namedEvents(
  ...["SUQz", "BAAA", "AAAA"].map((audio) => ({ type: "speech.audio.delta", audio })),
  {
    type: "speech.audio.done",
    usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 },
  },
);

export const TRANSCRIPT_STREAM: string = namedEvents(
  ...["I", " see", " skies", " — Žofie\n", " of"].map((delta) => ({
    type: "transcript.text.delta",
    delta,
  })),
  {
    type: "transcript.text.done",
    text: "I see skies — Žofie\n of",
    usage: {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 45,
      total_tokens: 59,
    },
  },
);

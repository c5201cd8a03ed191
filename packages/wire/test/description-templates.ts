import type { StreamPart } from "../src/providers.ts";
import { chunk, event, joinBytes } from "./event-stream-samples.ts";
import type { Json } from "./described-fields.ts";
import { dataEvents, namedEvents } from "./wire-samples.ts";

/** The least that an API's answer needs around a field for it to be read. */
interface Template {
  readonly answer?: Json;
  /** By type; "" for a stream whose parts look alike. */
  readonly events?: Readonly<Record<string, Json>>;
  readonly encode?: (events: readonly (readonly [type: string, event: Json])[]) => Uint8Array;
}

const lines: Template["encode"] = (events) =>
  bytes(events.map(([, each]) => `${JSON.stringify(each)}\n`).join(""));

const TEMPLATES: Readonly<Record<string, Template>> = {
  "openai.chat": { answer: { choices: [] } },
  "openai.responses": {
    events: { "response.output_item.done": { output_index: 0, item: { type: "function_call" } } },
  },
  "anthropic.messages": {
    answer: { type: "message" },
    events: { content_block_start: { content_block: { type: "tool_use" } } },
  },
  // The model decides on how its searches are billed.
  "google.generate_content": { answer: { modelVersion: "gemini-3-pro" } },
  "google.interactions": {
    answer: { model: "gemini-3-pro" },
    events: { "step.start": { step: { type: "function_call" } } },
  },
  "ollama.chat": { answer: { done: true }, events: { "": { done: true } }, encode: lines },
  "ollama.generate": { answer: { done: true }, events: { "": { done: true } }, encode: lines },
  "cohere.chat_v1": { events: { "stream-end": { is_finished: true } }, encode: lines },
  "cohere.generate": { events: { "stream-end": { is_finished: true } }, encode: lines },
  "bedrock.converse": { answer: { output: {} }, encode: frames },
  "bedrock.converse_stream": { answer: { output: {} }, encode: frames },
  "bedrock.invoke_model": { encode: chunks },
  "bedrock.invoke_model_with_response_stream": { encode: chunks },
};

export function answerTemplate(id: string): Json {
  return structuredClone(TEMPLATES[id]?.answer ?? {});
}

/** One event of each kind that is described, in order. */
export function streamTemplate(id: string, parts: readonly StreamPart[]): Map<string, Json> {
  const known = TEMPLATES[id]?.events ?? {};
  const types = new Set(parts.map(({ event: type = "" }) => type));
  return new Map([...types].map((type) => [type, structuredClone(known[type] ?? {})]));
}

export function encodeStream(id: string, events: ReadonlyMap<string, Json>): Uint8Array {
  const encode = TEMPLATES[id]?.encode ?? serverSentEvents;
  return encode([...events]);
}

function serverSentEvents(events: readonly (readonly [string, Json])[]): Uint8Array {
  return bytes(
    events
      .map(([type, each]) => (type === "" ? dataEvents(each) : namedEvents({ ...each, type })))
      .join(""),
  );
}

function frames(events: readonly (readonly [string, Json])[]): Uint8Array {
  return joinBytes(events.map(([type, each]) => event(type, each)));
}

function chunks(events: readonly (readonly [string, Json])[]): Uint8Array {
  return joinBytes(events.map(([, each]) => chunk(each)));
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

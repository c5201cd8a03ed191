import { matchCall, type AnswerSource, type WireApi } from "../src/index.ts";
import { dataEvents, namedEvents } from "./wire-samples.ts";

export function apiAt(url: string): WireApi {
  const call = matchCall("POST", url);
  if (!call) throw new Error(`no API at ${url}`);
  return call.api;
}

/** An answer that says nothing of itself but its content type. */
export function answerOf(contentType: string): AnswerSource {
  return {
    provider: "test",
    header: (name) => (name === "content-type" ? contentType : undefined),
  };
}

/** The API as it reads an answer of one content type. */
export function reading(api: WireApi, contentType: string): WireApi {
  const answer = answerOf(contentType);
  return { ...api, createStreamReader: () => api.createStreamReader(answer) };
}

const GEMINI = "https://generativelanguage.googleapis.com/v1beta";
const VERTEX =
  "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers";

export const gemini: WireApi = apiAt(`${GEMINI}/models/gemini-2.5-pro:generateContent`);
export const geminiStream: WireApi = apiAt(`${GEMINI}/models/gemini-2.5-pro:streamGenerateContent`);
export const geminiEmbed: WireApi = apiAt(`${GEMINI}/models/gemini-embedding-001:embedContent`);
export const geminiCount: WireApi = apiAt(`${GEMINI}/models/gemini-2.5-pro:countTokens`);
export const interactions: WireApi = apiAt(`${GEMINI}/interactions`);
export const vertexPredict: WireApi = apiAt(`${VERTEX}/google/models/text-embedding-005:predict`);
export const vertexClaude: WireApi = apiAt(
  `${VERTEX}/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`,
);
export const mistralChat: WireApi = apiAt("https://api.mistral.ai/v1/chat/completions");
export const mistralAgents: WireApi = apiAt("https://api.mistral.ai/v1/agents/completions");
export const mistralFim: WireApi = apiAt("https://codestral.mistral.ai/v1/fim/completions");
export const mistralEmbeddings: WireApi = apiAt("https://api.mistral.ai/v1/embeddings");
export const mistralModerations: WireApi = apiAt("https://api.mistral.ai/v1/moderations");
export const cohereChat: WireApi = apiAt("https://api.cohere.com/v2/chat");
export const cohereChatV1: WireApi = apiAt("https://api.cohere.com/v1/chat");
export const cohereGenerate: WireApi = apiAt("https://api.cohere.com/v1/generate");
export const cohereEmbed: WireApi = apiAt("https://api.cohere.com/v2/embed");
export const cohereRerank: WireApi = apiAt("https://api.cohere.com/v2/rerank");
export const ollamaChat: WireApi = apiAt("http://127.0.0.1:11434/api/chat");
export const ollamaGenerate: WireApi = apiAt("http://127.0.0.1:11434/api/generate");
export const ollamaEmbed: WireApi = apiAt("http://127.0.0.1:11434/api/embed");
export const voyageEmbeddings: WireApi = apiAt("https://api.voyageai.com/v1/embeddings");
export const voyageRerank: WireApi = apiAt("https://api.voyageai.com/v1/rerank");
export const jinaEmbeddings: WireApi = apiAt("https://api.jina.ai/v1/embeddings");
export const watsonx: WireApi = apiAt(
  "https://us-south.ml.cloud.ibm.com/ml/v1/text/generation_stream?version=2025-01-01",
);
export const alephAlpha: WireApi = apiAt("https://api.aleph-alpha.com/complete");

/** A part of a Gemini stream. */
export function geminiPart(
  parts: readonly object[],
  usage: object,
  finishReason?: string,
): Record<string, unknown> {
  const candidate = { content: { parts, role: "model" }, index: 0 };
  return {
    candidates: [finishReason === undefined ? candidate : { ...candidate, finishReason }],
    usageMetadata: usage,
    modelVersion: "gemini-2.5-pro",
    responseId: "r-1",
  };
}

export const GEMINI_PARTS: readonly Record<string, unknown>[] = [
  geminiPart([{ text: "Grüße\n", thought: true }], { trafficType: "ON_DEMAND" }),
  geminiPart([{ text: 'aus "Köln" {🌞}' }], { promptTokenCount: 9, thoughtsTokenCount: 40 }),
  geminiPart([{ functionCall: { name: "look_up", args: { q: "a" } } }], {
    promptTokenCount: 9,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 40,
  }),
  geminiPart(
    [{ text: "" }],
    {
      promptTokenCount: 10,
      candidatesTokenCount: 12,
      thoughtsTokenCount: 41,
      cachedContentTokenCount: 4,
      totalTokenCount: 63,
    },
    "STOP",
  ),
];

export const GEMINI_STREAM: string = dataEvents(...GEMINI_PARTS);
/** As it comes without `alt=sse`. */
export const GEMINI_ARRAY: string = `[${GEMINI_PARTS.map((part) => JSON.stringify(part, null, 2)).join("\n,\n")}\n]\n`;

const INTERACTION = { id: "v1_a", object: "interaction", model: "gemini-2.5-flash" };
const interactionEvent = (
  type: string,
  rest: object,
): { type: string; [key: string]: unknown } => ({
  type,
  event_type: type,
  ...rest,
});

export const INTERACTION_STREAM: string =
  namedEvents(
    interactionEvent("interaction.created", {
      interaction: { ...INTERACTION, status: "in_progress" },
    }),
    interactionEvent("interaction.status_update", { status: "in_progress" }),
    interactionEvent("step.start", { index: 0, step: { type: "model_output" } }),
    ...["Dobrý", " den", ' "☀"\n'].map((text) =>
      interactionEvent("step.delta", { index: 0, delta: { type: "text", text } }),
    ),
    interactionEvent("step.stop", { index: 0 }),
    interactionEvent("step.start", {
      index: 1,
      step: { type: "function_call", name: "weather", arguments: {} },
    }),
    ...['{"city":', '"Brno"}'].map((text) =>
      interactionEvent("step.delta", {
        index: 1,
        delta: { type: "arguments_delta", arguments: text },
      }),
    ),
    interactionEvent("interaction.completed", {
      interaction: {
        ...INTERACTION,
        status: "requires_action",
        service_tier: "flex",
        usage: {
          total_input_tokens: 20,
          input_tokens_by_modality: [{ modality: "text", tokens: 20 }],
          total_cached_tokens: 8,
          total_output_tokens: 11,
          total_tool_use_tokens: 5,
          total_thought_tokens: 30,
        },
      },
    }),
  ) + "event: done\ndata: [DONE]\n\n";

const cohereMessage = (
  type: string,
  message: object,
): { type: string; [key: string]: unknown } => ({
  type,
  index: 0,
  delta: { message },
});

export const COHERE_STREAM: string = namedEvents(
  { id: "c-1", ...cohereMessage("message-start", { role: "assistant", content: [] }) },
  ...["I", " will", " look"].map((text) => cohereMessage("tool-plan-delta", { tool_plan: text })),
  cohereMessage("tool-call-start", {
    tool_calls: { id: "t", type: "function", function: { name: "search", arguments: "" } },
  }),
  ...['{"q"', ": ", '"ř"}'].map((text) =>
    cohereMessage("tool-call-delta", { tool_calls: { function: { arguments: text } } }),
  ),
  { type: "tool-call-end", index: 0 },
  cohereMessage("content-start", { content: { type: "text", text: "" } }),
  ...["Hm", " — ", "見\n"].map((text) => cohereMessage("content-delta", { content: { text } })),
  { type: "content-end", index: 0 },
  {
    type: "message-end",
    delta: {
      finish_reason: "TOOL_CALL",
      usage: {
        billed_units: { input_tokens: 30, output_tokens: 14 },
        tokens: { input_tokens: 1400, output_tokens: 40 },
        cached_tokens: 900,
      },
    },
  },
);

const lines = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

export const COHERE_LINES: string = lines([
  { is_finished: false, event_type: "stream-start", generation_id: "g-1" },
  ...["Ne", "wton", " {née}", ' "1643"\n'].map((text) => ({
    is_finished: false,
    event_type: "text-generation",
    text,
  })),
  {
    is_finished: true,
    event_type: "stream-end",
    finish_reason: "COMPLETE",
    response: {
      generation_id: "g-1",
      text: 'Newton {née} "1643"\n',
      tool_calls: [{ name: "search", parameters: { q: "a" } }],
      finish_reason: "COMPLETE",
      meta: { billed_units: { input_tokens: 7, output_tokens: 12 } },
    },
  },
]);

export const ollamaLine = (content: string, more: object = {}): Record<string, unknown> => ({
  model: "llama3.2",
  created_at: `2026-05-04T20:01:0${content.length % 10}.264968Z`,
  message: { role: "assistant", content },
  done: false,
  ...more,
});

export const OLLAMA_LINES: string = lines([
  ...["Ça", " va", ' {"bien"}', "\n", "？ 🌞"].map((content) => ollamaLine(content)),
  ollamaLine("", {
    message: {
      role: "assistant",
      content: "",
      tool_calls: [{ function: { name: "clock", arguments: { zone: "UTC" } } }],
    },
  }),
  ollamaLine("", { done: true, done_reason: "stop", prompt_eval_count: 26, eval_count: 31 }),
]);

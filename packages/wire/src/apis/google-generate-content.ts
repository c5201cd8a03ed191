import type { ResponseFacts } from "@tollgate/core";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteError,
  noteFinish,
  noteProblem,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { ApiDescription } from "../api-description.ts";
import type { AnswerSource, StreamReader, WireApi } from "../api.ts";
import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import type { OutputCap } from "../output-cap/output-cap.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { createJsonStreamReader } from "../stream/json-stream-reader.ts";
import { googleRefusal } from "./google-error.ts";
import { cloudOf, type GoogleCloud } from "./google-path.ts";
import { readGenerateRequest } from "./google-request.ts";
import { billedSearches, googleUsage, googleUsageFields } from "./google-usage.ts";

const USAGE_NAMES = {
  prompt: "promptTokenCount",
  toolUse: "toolUsePromptTokenCount",
  answer: "candidatesTokenCount",
  thoughts: "thoughtsTokenCount",
  cached: "cachedContentTokenCount",
  inputModalities: ["promptTokensDetails", "toolUsePromptTokensDetails"],
  outputModalities: ["candidatesTokensDetails"],
  tokens: "tokenCount",
};

const ABOUT: ApiDescription = {
  reference: "https://ai.google.dev/api/generate-content",
  answer: {
    model: "modelVersion",
    id: "responseId",
    finishReasons: "candidates[].finishReason",
    toolCalls: "candidates[].content.parts[].functionCall.name",
    ...googleUsageFields("usageMetadata", USAGE_NAMES),
    webSearchRequests: "candidates[].groundingMetadata.webSearchQueries.length",
    serviceTier: "usageMetadata.serviceTier | usageMetadata.trafficType",
  },
  stream: [{ answerAt: "" }],
  notes: [
    "In a stream the last `usageMetadata` with counts stands; counts left out of it are zero.",
    "Grounded answers count one search per prompt up to Gemini 2.5, and each different query from Gemini 3 on.",
  ],
  limits: ["The storage of cached content is not metered."],
};

/** Thoughts count into the limit. */
const OUTPUT_CAP: OutputCap = {
  members: [
    "generationConfig.maxOutputTokens",
    "generationConfig.max_output_tokens",
    "generation_config.maxOutputTokens",
    "generation_config.max_output_tokens",
  ],
  thinking: [
    "generationConfig.thinkingConfig.thinkingBudget",
    "generationConfig.thinking_config.thinking_budget",
    "generation_config.thinking_config.thinking_budget",
  ],
};

/**
 * Gemini's own API, on AI Studio and on Vertex AI.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export const geminiGenerateContent: WireApi = whole("gcp.gemini");
export const geminiStreamGenerateContent: WireApi = streamed("gcp.gemini");
export const vertexGenerateContent: WireApi = whole("gcp.vertex_ai");
export const vertexStreamGenerateContent: WireApi = streamed("gcp.vertex_ai");

function whole(cloud: GoogleCloud): WireApi {
  return {
    id: "google.generate_content",
    operation: "generate_content",
    provider: cloud,
    about: ABOUT,
    pathEnds: [":generateContent"],
    acceptsPath: (path) => cloudOf(path) === cloud,
    outputCap: OUTPUT_CAP,
    readRequest: (body, path) => readGenerateRequest(body, path, false),
    readJson,
    createStreamReader,
    refusalBody: googleRefusal,
  };
}

/** Without `alt=sse` in its query, the answer is one JSON array that grows. */
function streamed(cloud: GoogleCloud): WireApi {
  return {
    ...whole(cloud),
    pathEnds: [":streamGenerateContent"],
    readRequest: (body, path) => readGenerateRequest(body, path, true),
    isStream: () => true,
  };
}

interface GenerateState {
  readonly draft: AnswerDraft;
  readonly candidates: Set<number>;
  /** What the model searched for; each query is billed once. */
  readonly queries: Set<string>;
}

function createState(): GenerateState {
  return { draft: createDraft(), candidates: new Set(), queries: new Set() };
}

/** A client that asked for a stream may collect its array and parse it at once. */
function readJson(value: unknown): ResponseFacts {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const objects = parts.filter(isJsonObject);
  if (objects.length === 0) return nonsenseFacts();
  const state = createState();
  for (const object of objects) readAnswer(state, object);
  const { draft } = state;
  if (draft.errorType === undefined && state.candidates.size === 0 && !objects.some(isBlocked)) {
    noteProblem(draft, "the answer has neither candidates nor an error");
  }
  return { ...facts(state), complete: true };
}

function isBlocked(answer: JsonObject): boolean {
  return readObject(answer, "promptFeedback") !== undefined;
}

const events: EventCodec<GenerateState> = {
  createState,
  skippedEvents: new Set(),
  // Each event counts anew, so that none is like another; they are few and long.
  compileTemplate: createTemplateCompiler({ text: ["text"], ignored: [] }),
  readEvent: readAnswer,
  facts,
};

function createStreamReader(answer?: AnswerSource): StreamReader {
  const contentType = answer?.header("content-type") ?? "text/event-stream";
  return contentType.includes("event-stream")
    ? createEventStreamReader(events)
    : createJsonStreamReader(events);
}

/** A whole answer and a part of a stream look alike. */
function readAnswer(state: GenerateState, answer: JsonObject): void {
  const { draft } = state;
  noteText(draft, "id", readLabel(answer, "responseId"));
  noteText(draft, "model", readLabel(answer, "modelVersion"));
  noteError(draft, answer["error"]);
  for (const [position, candidate] of readList(answer, "candidates").entries()) {
    if (isJsonObject(candidate)) readCandidate(state, candidate, position);
  }
  const usage = readObject(answer, "usageMetadata");
  // Vertex AI calls it the type of traffic: `ON_DEMAND`, `ON_DEMAND_PRIORITY`, `ON_DEMAND_FLEX`.
  const tier = readLabel(usage, "serviceTier") ?? readLabel(usage, "trafficType");
  noteText(draft, "serviceTier", tier);
  noteUsage(draft, googleUsage(usage, USAGE_NAMES, draft));
  if (readLabel(readObject(answer, "promptFeedback"), "blockReason") !== undefined) {
    draft.complete = true;
    draft.revision++;
  }
}

function readCandidate(state: GenerateState, candidate: JsonObject, position: number): void {
  const { draft, candidates, queries } = state;
  const index = readIndex(candidate, "index") ?? position;
  if (!candidates.has(index)) {
    candidates.add(index);
    draft.revision++;
  }
  noteFinish(draft, index, readLabel(candidate, "finishReason"));
  for (const part of readList(readObject(candidate, "content"), "parts")) {
    if (isJsonObject(part)) readPart(draft, part);
  }
  for (const query of readList(readObject(candidate, "groundingMetadata"), "webSearchQueries")) {
    if (typeof query !== "string") continue;
    queries.add(query);
    draft.revision++;
  }
}

/** Text, a thought, a call, or code that Google runs; other parts are media. */
function readPart(draft: AnswerDraft, part: JsonObject): void {
  draft.outputChars +=
    textLength(part, "text") + textLength(readObject(part, "executableCode"), "code");
  const call = readObject(part, "functionCall");
  if (call === undefined) return;
  // Arguments may follow in parts of their own, which have no name.
  noteToolCall(draft, readLabel(call, "name"));
  const args = call["args"] ?? call["partialArgs"];
  if (args !== undefined) draft.outputChars += JSON.stringify(args).length;
  draft.revision++;
}

function facts({ draft, candidates, queries }: GenerateState): ResponseFacts {
  // Servers in front of Google may leave the counts out.
  const ended = candidates.size > 0 && draft.finishReasons.size === candidates.size;
  const webSearchRequests = billedSearches(draft.model, queries.size);
  const read = draftFacts(draft);
  return {
    ...read,
    usage: read.usage && webSearchRequests ? { ...read.usage, webSearchRequests } : read.usage,
    complete: draft.complete || ended,
  };
}

import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteFinish,
  noteProblem,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import type { WireApi } from "../api.ts";
import {
  isJsonObject,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { openMember, openRequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { billedSearches, googleUsage, googleUsageFields } from "./google-usage.ts";

const USAGE_NAMES = {
  prompt: "total_input_tokens",
  toolUse: "total_tool_use_tokens",
  answer: "total_output_tokens",
  thoughts: "total_thought_tokens",
  cached: "total_cached_tokens",
  inputModalities: ["input_tokens_by_modality", "tool_use_tokens_by_modality"],
  outputModalities: ["output_tokens_by_modality"],
  tokens: "tokens",
};

const INTERACTION_FIELDS: AnswerFields = {
  model: "model",
  id: "id",
  finishReasons: "status",
  serviceTier: "service_tier",
  ...googleUsageFields("usage", USAGE_NAMES),
};

/**
 * Google's Interactions API.
 *
 * @see https://ai.google.dev/api/interactions-api
 */
export const googleInteractions: WireApi = {
  id: "google.interactions",
  operation: "generate_content",
  provider: "gcp.gemini",
  hasCommonPath: true,
  pathEnds: ["/interactions"],
  about: {
    reference: "https://ai.google.dev/api/interactions-api",
    answer: {
      ...INTERACTION_FIELDS,
      toolCalls: "steps[type=function_call].name",
      webSearchRequests: "steps[type=google_search_call].arguments.queries.length",
    },
    stream: [
      { event: "step.start", fields: { toolCalls: "step.name" } },
      {
        event: "interaction.completed",
        answerAt: "interaction",
        fields: { toolCalls: "", webSearchRequests: "" },
      },
    ],
    notes: [
      "Queries of a search are counted in streams too: `step` or `delta` of type `google_search_call`.",
      "Grounded answers count one search per prompt up to Gemini 2.5, and each different query from Gemini 3 on.",
    ],
    limits: ["Agents run in the background: what is fetched later is not read."],
  },
  outputCap: { members: ["generation_config.max_output_tokens"] },
  readRequest,
  readJson,
  createStreamReader: () => createEventStreamReader(events),
  refusalBody: (refusal) => {
    const { code, message, tollgate } = refusalError(refusal);
    return { error: { code, message, tollgate } };
  },
};

const UNBOUNDABLE_MEMBERS = {
  agent: "an agent calls the model as often as it likes",
  previous_interaction_id: "the provider keeps the conversation (previous_interaction_id)",
  background: "the answer comes in the background",
};

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model");
  if (!body || body.raw("input") === undefined) return undefined;
  if (model === undefined && body.text("agent") === undefined) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: openMember(body, "generation_config")?.count("max_output_tokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    unboundable:
      unboundableContent(body) ??
      unboundableTool(body) ??
      unboundableMember(body, UNBOUNDABLE_MEMBERS),
  };
}

interface InteractionState {
  readonly draft: AnswerDraft;
  /** What the model searched for; each query is billed once. */
  readonly queries: Set<string>;
}

function createState(): InteractionState {
  return { draft: createDraft(), queries: new Set() };
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState();
  const { draft } = state;
  readInteraction(state, value);
  noteError(draft, value["error"]);
  for (const step of readList(value, "steps")) if (isJsonObject(step)) readStep(state, step);
  if (readLabel(value, "status") === undefined && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither a status nor an error");
  }
  draft.complete = true;
  return facts(state);
}

const events: EventCodec<InteractionState> = {
  createState,
  skippedEvents: new Set(["interaction.status_update", "step.stop"]),
  compileTemplate: createTemplateCompiler({ text: ["text", "arguments"], ignored: ["event_id"] }),
  readEvent: (state, event) => {
    const { draft, queries } = state;
    const interaction = readObject(event, "interaction");
    const step = readObject(event, "step");
    const delta = readObject(event, "delta");
    if (interaction) readInteraction(state, interaction);
    if (step) readStep(state, step);
    draft.outputChars += contentLength(delta) + textLength(delta, "arguments");
    if (delta) readQueries(draft, queries, delta);
    noteError(draft, event["error"]);
  },
  facts,
};

/** The interaction itself, which the first and last events hold; its status is the reason it ended for. */
function readInteraction({ draft }: InteractionState, interaction: JsonObject): void {
  noteText(draft, "id", readLabel(interaction, "id"));
  noteText(draft, "model", readLabel(interaction, "model"));
  noteText(draft, "serviceTier", readLabel(interaction, "service_tier"));
  noteUsage(draft, googleUsage(readObject(interaction, "usage"), USAGE_NAMES, draft));
  const status = readLabel(interaction, "status");
  if (status === undefined || status === "in_progress") return;
  noteFinish(draft, 0, status);
  noteComplete(draft);
}

function readStep({ draft, queries }: InteractionState, step: JsonObject): void {
  if (step["type"] === "function_call") {
    noteToolCall(draft, readLabel(step, "name"));
    const args = readObject(step, "arguments");
    if (args && Object.keys(args).length > 0) draft.outputChars += JSON.stringify(args).length;
  }
  for (const content of [...readList(step, "content"), ...readList(step, "summary")]) {
    if (isJsonObject(content)) draft.outputChars += contentLength(content);
  }
  readQueries(draft, queries, step);
}

/** Text of the answer; a summary of thoughts is wrapped once more. */
function contentLength(content: JsonObject | undefined): number {
  return textLength(content, "text") + textLength(readObject(content, "content"), "text");
}

function readQueries(draft: AnswerDraft, queries: Set<string>, step: JsonObject): void {
  if (step["type"] !== "google_search_call") return;
  for (const query of readList(readObject(step, "arguments"), "queries")) {
    if (typeof query === "string") queries.add(query);
  }
  draft.revision++;
}

function facts({ draft, queries }: InteractionState): ResponseFacts {
  const webSearchRequests = billedSearches(draft.model, queries.size);
  const read = draftFacts(draft);
  return {
    ...read,
    usage: read.usage && webSearchRequests ? { ...read.usage, webSearchRequests } : read.usage,
  };
}

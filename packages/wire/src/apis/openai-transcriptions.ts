import {
  refusalError,
  type RequestFacts,
  type ResponseFacts,
  type TokenUsage,
} from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteProblem,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readLabel, textLength, type JsonObject } from "../json/read.ts";
import { openFormBody } from "../request/form-body.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createOpaqueReader } from "../sse/opaque-reader.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { CHAT_USAGE_NAMES, openAiUsage, RESPONSES_USAGE_NAMES } from "./openai-usage.ts";

const TRANSCRIPT_FIELDS: AnswerFields = {
  model: "model",
  inputTokens: "usage.input_tokens | usage.prompt_tokens",
  outputTokens: "usage.output_tokens | usage.completion_tokens",
  cacheReadTokens:
    "usage.input_token_details.cached_tokens | usage.prompt_cache_hit_tokens | usage.cached_tokens",
  cacheWriteTokens: "usage.input_token_details.cache_write_tokens",
  reasoningTokens: "usage.output_token_details.reasoning_tokens",
  audioInputTokens: "usage.input_token_details.audio_tokens",
  audioOutputTokens: "usage.output_token_details.audio_tokens",
  imageInputTokens: "usage.input_token_details.image_tokens",
  imageOutputTokens: "usage.output_token_details.image_tokens",
  audioSeconds: "usage.seconds | duration",
};

/**
 * OpenAI's speech to text: transcriptions and translations. Models since gpt-4o-transcribe count
 * tokens, whisper counts seconds.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
export const openAiTranscriptions: WireApi = {
  id: "openai.transcriptions",
  operation: "transcription",
  provider: "openai",
  pathEnds: ["/audio/transcriptions", "/audio/translations"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/audio/createTranscription",
    answer: TRANSCRIPT_FIELDS,
    stream: [{ event: "transcript.text.done", answerAt: "" }],
    notes: ["`audioSeconds` counts where there are no tokens (whisper)."],
    limits: ["Subtitles and plain text have no counts and are estimated."],
  },
  readRequest,
  readJson,
  // Subtitles and plain text are answers too.
  isStream: (contentType) => contentType !== "" && !contentType.includes("json"),
  createStreamReader: (answer) =>
    answer === undefined || answer.header("content-type")?.includes("text/event-stream")
      ? createEventStreamReader(events)
      : createOpaqueReader(true),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

const USAGE_NAMES = {
  ...RESPONSES_USAGE_NAMES,
  inputDetails: "input_token_details",
  outputDetails: "output_token_details",
};

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openFormBody(text);
  const model = body?.text("model") ?? modelInPath(path);
  if (!body || model === undefined) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: "the length of the recording does not show in the request",
  };
}

interface TranscriptState {
  readonly draft: AnswerDraft;
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  readAnswer(draft, value);
  draft.outputChars += textLength(value, "text");
  if (typeof value["text"] !== "string" && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither text nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const events: EventCodec<TranscriptState> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(),
  compileTemplate: createTemplateCompiler({ text: ["delta"], ignored: ["logprob"] }),
  readEvent: ({ draft }, event, name) => {
    const type = readLabel(event, "type") ?? name;
    readAnswer(draft, event);
    if (type === "transcript.text.delta") draft.outputChars += textLength(event, "delta");
    else if (type === "transcript.text.done") noteComplete(draft);
  },
  facts: ({ draft }) => draftFacts(draft),
};

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "model", readLabel(answer, "model"));
  noteError(draft, answer["error"]);
  noteUsage(draft, audioUsage(answer, draft));
}

/** The relatives count as in chat. */
function audioUsage(answer: JsonObject, draft: AnswerDraft): TokenUsage | undefined {
  const usage = readUsage(answer, draft);
  const tokens =
    openAiUsage(usage, USAGE_NAMES, draft) ?? openAiUsage(usage, CHAT_USAGE_NAMES, draft);
  if (tokens !== undefined) return tokens;
  const audioSeconds = secondsOf(usage?.["seconds"]) ?? secondsOf(answer["duration"]);
  return audioSeconds === undefined
    ? undefined
    : { inputTokens: undefined, outputTokens: undefined, audioSeconds };
}

/** Whole seconds, begun ones included. */
function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < 1e9 ? Math.ceil(value) : undefined;
}

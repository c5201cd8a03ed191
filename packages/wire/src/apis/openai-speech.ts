import { refusalError, type RequestFacts, type TokenUsage } from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createOpaqueReader } from "../sse/opaque-reader.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { RESPONSES_USAGE_FIELDS, RESPONSES_USAGE_NAMES, openAiUsage } from "./openai-usage.ts";

/**
 * OpenAI's text to speech. The answer is sound, which has no counts; only its event streams do.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export const openAiSpeech: WireApi = {
  id: "openai.speech",
  operation: "speech",
  provider: "openai",
  pathEnds: ["/audio/speech"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/audio/createSpeech",
    stream: [
      {
        event: "speech.audio.done",
        fields: {
          ...RESPONSES_USAGE_FIELDS,
          audioOutputTokens: "usage.output_tokens_details.audio_tokens | outputTokens",
        },
      },
    ],
    limits: ["Sound that does not come as events has no counts and is estimated."],
  },
  readRequest,
  readJson: (value) => {
    if (!isJsonObject(value)) return nonsenseFacts();
    const draft = createDraft();
    readAnswer(draft, value);
    draft.complete = true;
    return draftFacts(draft);
  },
  isStream: (contentType) => contentType !== "" && !contentType.includes("json"),
  createStreamReader: (answer) =>
    answer === undefined || answer.header("content-type")?.includes("text/event-stream")
      ? createEventStreamReader(events)
      : createOpaqueReader(false),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openRequestBody(text);
  const model = body?.text("model") ?? modelInPath(path);
  if (!body || model === undefined || body.text("input") === undefined) return undefined;
  return {
    model,
    streaming: body.text("stream_format") === "sse",
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: "the length of the speech does not show in the request",
  };
}

interface SpeechState {
  readonly draft: AnswerDraft;
}

const events: EventCodec<SpeechState> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(["speech.audio.delta"]),
  compileTemplate: createTemplateCompiler({ text: [], ignored: [] }),
  readEvent: ({ draft }, event, name) => {
    readAnswer(draft, event);
    if ((readLabel(event, "type") ?? name) === "speech.audio.done") noteComplete(draft);
  },
  facts: ({ draft }) => draftFacts(draft),
};

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteError(draft, answer["error"]);
  const usage = openAiUsage(readUsage(answer, draft), RESPONSES_USAGE_NAMES, draft);
  noteUsage(draft, usage && spoken(usage));
}

/** All that comes out is sound. */
function spoken(usage: TokenUsage): TokenUsage {
  return { ...usage, audioOutputTokens: usage.audioOutputTokens ?? usage.outputTokens };
}

import { refusalError, type ResponseFacts, type TokenUsage } from "@tollgate/core";
import { readCount, readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteError,
  noteFinish,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { readProviderCost } from "../answer/provider-cost.ts";
import { createUnstreamedReader } from "../answer/unstreamed.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import { openAiUsage, RESPONSES_USAGE_NAMES } from "../apis/openai-usage.ts";
import { isJsonObject, readLabel, readList, readObject, type JsonObject } from "../json/read.ts";
import { unreadRequest } from "../request/unread-request.ts";

/**
 * OpenAI's Realtime API, one response of a session being one call: asked for by the client event
 * `response.create` or begun by the server itself, answered in full by `response.done`.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events/response/done
 */
export const openAiRealtime: WireApi = {
  id: "openai.realtime",
  operation: "chat",
  provider: "openai",
  pathEnds: ["/realtime"],
  about: { reference: "https://platform.openai.com/docs/guides/realtime-websocket" },
  // A session is opened by a handshake that has no body; what it asks for, its session knows.
  readRequest: () => unreadRequest(),
  readJson: readResponseDone,
  isStream: () => false,
  createStreamReader: createUnstreamedReader,
  refusalBody: (refusal) => ({ type: "error", error: refusalError(refusal) }),
};

/**
 * The transcription of what the user says, by a model of its own and at that model's price.
 *
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events/conversation/item/input_audio_transcription/completed
 */
export const openAiRealtimeTranscription: WireApi = {
  ...openAiRealtime,
  id: "openai.realtime.transcription",
  operation: "transcription",
  readJson: readTranscription,
};

const USAGE_NAMES = {
  ...RESPONSES_USAGE_NAMES,
  inputDetails: "input_token_details",
  outputDetails: "output_token_details",
};

function readResponseDone(event: unknown, answer?: AnswerSource): ResponseFacts {
  const response = isJsonObject(event) ? readObject(event, "response") : undefined;
  if (response === undefined) return nonsenseFacts();
  const draft = createDraft();
  const details = readObject(response, "status_details");
  noteText(draft, "id", readLabel(response, "id"));
  noteText(draft, "model", readLabel(response, "model"));
  noteFinish(draft, 0, readLabel(details, "reason") ?? readLabel(response, "status"));
  if (response["status"] === "failed") noteError(draft, details?.["error"] ?? "failed");
  for (const item of readList(response, "output")) {
    if (isJsonObject(item) && item["type"] === "function_call") {
      noteToolCall(draft, readLabel(item, "name"));
    }
  }
  const counts = readUsage(response, draft);
  readProviderCost(counts, answer?.provider, draft);
  noteUsage(draft, tokensOf(counts, draft));
  draft.complete = true;
  return draftFacts(draft);
}

function readTranscription(event: unknown): ResponseFacts {
  if (!isJsonObject(event)) return nonsenseFacts();
  const draft = createDraft();
  noteText(draft, "id", readLabel(event, "item_id"));
  noteError(draft, event["error"]);
  const usage = readUsage(event, draft);
  noteUsage(draft, tokensOf(usage, draft) ?? secondsOf(usage));
  draft.complete = true;
  return draftFacts(draft);
}

function tokensOf(usage: JsonObject | undefined, draft: AnswerDraft): TokenUsage | undefined {
  const tokens = openAiUsage(usage, USAGE_NAMES, draft);
  if (tokens === undefined) return undefined;
  const cached = readObject(readObject(usage, USAGE_NAMES.inputDetails), "cached_tokens_details");
  return {
    ...tokens,
    audioCacheReadTokens: readCount(cached, "audio_tokens", draft),
    imageCacheReadTokens: readCount(cached, "image_tokens", draft),
  };
}

/** Whole seconds, begun ones included. */
function secondsOf(usage: JsonObject | undefined): TokenUsage | undefined {
  const seconds = usage?.["seconds"];
  return typeof seconds === "number" && seconds >= 0 && seconds < 1e9
    ? { inputTokens: undefined, outputTokens: undefined, audioSeconds: Math.ceil(seconds) }
    : undefined;
}

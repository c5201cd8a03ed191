import type { ResponseFacts } from "@tollgate/core";
import { createDraft, draftFacts, noteText } from "../answer/draft.ts";
import type { WireApi } from "../api.ts";
import { anthropicMessages } from "../apis/anthropic-messages.ts";
import { mistralChat, mistralEmbeddings, mistralModerations } from "../apis/mistral.ts";
import { openAiChat } from "../apis/openai-chat.ts";
import { openAiCompletions } from "../apis/openai-completions.ts";
import { openAiEmbeddings } from "../apis/openai-embeddings.ts";
import { openAiImages } from "../apis/openai-images.ts";
import { openAiModerations } from "../apis/openai-moderations.ts";
import { openAiResponses } from "../apis/openai-responses.ts";
import { isJsonObject, readLabel, readList, readObject, type JsonObject } from "../json/read.ts";
import { resultKey, type FetchedResult, type MatchedFetch } from "./fetched.ts";

/** All providers bill batches by a price list of their own, whatever tier the answers name. */
const BATCH_TIER = "batch";

/**
 * Reads one line of a file of batch results: OpenAI's and Azure's, which Groq, Mistral, Together and others
 * have too, or Anthropic's.
 *
 * @returns `undefined` when the line is no result of a batch.
 * @see https://platform.openai.com/docs/api-reference/batch/request-output
 * @see https://platform.claude.com/docs/en/build-with-claude/batch-processing
 */
export function readBatchLine(value: unknown, fetch: MatchedFetch): FetchedResult | undefined {
  if (!isJsonObject(value)) return undefined;
  const customId = readLabel(value, "custom_id");
  if (customId === undefined) return undefined;
  const ownKey = `${fetch.id ?? ""}/${customId}`;
  const result = readObject(value, "result");
  if (result !== undefined) return readAnthropicResult(result, ownKey, fetch);
  if (!("response" in value) && !("error" in value)) return undefined;
  return readOpenAiLine(value, ownKey, fetch);
}

function readOpenAiLine(
  line: JsonObject,
  ownKey: string,
  { provider }: MatchedFetch,
): FetchedResult {
  const response = readObject(line, "response");
  const body = readObject(response, "body");
  const key = resultKey(provider, lineId(line) ?? readLabel(body, "id") ?? ownKey);
  const api = apiOf(body, provider);
  const status = response?.["status_code"];
  if (body === undefined || (typeof status === "number" && (status < 200 || status > 299))) {
    const error = readObject(line, "error");
    const errorType =
      typeof status === "number"
        ? String(status)
        : (readLabel(error, "code") ?? readLabel(error, "type") ?? "error");
    return failed(key, api, errorType);
  }
  return answered(key, api, api.readJson(body, { provider, header: () => undefined }));
}

/** Only OpenAI's own ids are known to be unique; others number the lines of each file anew. */
function lineId(line: JsonObject): string | undefined {
  const id = readLabel(line, "id");
  return id?.startsWith("batch_req_") === true ? id : undefined;
}

const MISTRALS: ReadonlyMap<WireApi, WireApi> = new Map([
  [openAiChat, mistralChat],
  [openAiEmbeddings, mistralEmbeddings],
  [openAiModerations, mistralModerations],
]);

/** A file says nowhere which API it was made by, its answers do. */
function apiOf(body: JsonObject | undefined, provider: string): WireApi {
  const api = apiByShape(body);
  return (provider === "mistral_ai" && MISTRALS.get(api)) || api;
}

function apiByShape(body: JsonObject | undefined): WireApi {
  const object = readLabel(body, "object");
  if (object === "response") return openAiResponses;
  if (object === "text_completion") return openAiCompletions;
  if (Array.isArray(body?.["results"])) return openAiModerations;
  const [first] = readList(body, "data");
  if (!isJsonObject(first)) return openAiChat;
  return "embedding" in first ? openAiEmbeddings : openAiImages;
}

function readAnthropicResult(
  result: JsonObject,
  ownKey: string,
  { provider }: MatchedFetch,
): FetchedResult {
  const message = readObject(result, "message");
  const key = resultKey(provider, readLabel(message, "id") ?? ownKey);
  if (message !== undefined)
    return answered(key, anthropicMessages, anthropicMessages.readJson(message));
  const type = readLabel(result, "type");
  if (type === "canceled") {
    return { ...failed(key, anthropicMessages, undefined), outcome: "cancelled" };
  }
  const error = readObject(result, "error");
  const inner = readObject(error, "error") ?? error;
  return failed(key, anthropicMessages, readLabel(inner, "type") ?? type ?? "error");
}

function answered(key: string, api: WireApi, facts: ResponseFacts): FetchedResult {
  return {
    key,
    api,
    facts: { ...facts, serviceTier: BATCH_TIER },
    outcome: facts.errorType === undefined ? "ok" : "error",
    free: api === openAiModerations,
  };
}

/** What did not succeed is not billed. */
function failed(key: string, api: WireApi, errorType: string | undefined): FetchedResult {
  const draft = createDraft();
  noteText(draft, "errorType", errorType);
  noteText(draft, "serviceTier", BATCH_TIER);
  return { key, api, facts: draftFacts(draft), outcome: "error", free: true };
}

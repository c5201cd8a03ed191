import type { RequestFacts } from "@tollgate/core";
import { readCount, sumCounts } from "../answer/count.ts";
import { noteUsage, type AnswerDraft } from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readList, readObject, type JsonObject } from "../json/read.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import { googleRefusal } from "./google-error.ts";
import { cloudOf, modelOfGooglePath, type GoogleCloud } from "./google-path.ts";
import { MEDIA_KEYS } from "./google-request.ts";
import { googleUsage, googleUsageFields } from "./google-usage.ts";

const USAGE_NAMES = {
  prompt: "promptTokenCount",
  toolUse: "toolUsePromptTokenCount",
  answer: "candidatesTokenCount",
  thoughts: "thoughtsTokenCount",
  cached: "cachedContentTokenCount",
  inputModalities: ["promptTokensDetails", "promptTokenDetails"],
  outputModalities: [],
  tokens: "tokenCount",
};

/**
 * Embeddings of Gemini models.
 *
 * @see https://ai.google.dev/api/embeddings
 */
export const geminiEmbeddings: WireApi = embeddings("gcp.gemini");
export const vertexEmbeddings: WireApi = embeddings("gcp.vertex_ai");

/**
 * Embeddings by Vertex AI's general method: every text says how many tokens it had.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
 */
export const vertexPredictEmbeddings: WireApi = createSingleAnswerApi({
  id: "google.predict_embeddings",
  operation: "embeddings",
  provider: "gcp.vertex_ai",
  pathEnds: [":predict"],
  about: {
    reference:
      "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api",
    answer: {
      inputTokens: "predictions[].embeddings.statistics.token_count",
      outputTokens: "0",
    },
    limits: ["Texts are counted only when every one of an answer says its count."],
  },
  acceptsPath: (path) => cloudOf(path) === "gcp.vertex_ai" && EMBEDS.test(path),
  readRequest: (body, path) => readEmbedRequest(body, path),
  readAnswer: readPredictions,
  refusalBody: googleRefusal,
});

/** The method serves models of all kinds. */
const EMBEDS = /\/[^/]*embedding[^/]*:predict$/;

const CONTENT_MEMBERS = ["content", "requests", "instances"];

function embeddings(cloud: GoogleCloud): WireApi {
  return createSingleAnswerApi({
    id: "google.embed_content",
    operation: "embeddings",
    provider: cloud,
    pathEnds: [":embedContent", ":batchEmbedContents"],
    about: {
      reference: "https://ai.google.dev/api/embeddings",
      answer: googleUsageFields("usageMetadata", USAGE_NAMES),
    },
    acceptsPath: (path) => cloudOf(path) === cloud,
    readRequest: readEmbedRequest,
    readAnswer: readEmbeddings,
    refusalBody: googleRefusal,
  });
}

function readEmbedRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  const model = modelOfGooglePath(path);
  const facts = readPlainRequest(text, {
    isOne: (body) => CONTENT_MEMBERS.some((key) => body.raw(key) !== undefined),
    model: () => model,
    mediaKeys: MEDIA_KEYS,
  });
  return facts && { ...facts, model };
}

function readEmbeddings(draft: AnswerDraft, answer: JsonObject): void {
  noteUsage(draft, googleUsage(readObject(answer, "usageMetadata"), USAGE_NAMES, draft));
}

function readPredictions(draft: AnswerDraft, answer: JsonObject): void {
  const counts = readList(answer, "predictions").map((prediction) => {
    const embedding = isJsonObject(prediction) ? readObject(prediction, "embeddings") : undefined;
    return readCount(readObject(embedding, "statistics"), "token_count", draft);
  });
  const inputTokens = counts.includes(undefined) ? undefined : sumCounts(...counts);
  if (inputTokens !== undefined) noteUsage(draft, { inputTokens, outputTokens: 0 });
}

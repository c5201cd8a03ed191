import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
  type GenAiOperation,
} from "@tollgate/core";
import { readCount, readUsage } from "../answer/count.ts";
import { noteText, noteUsage, type AnswerDraft } from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { readLabel, type JsonObject } from "../json/read.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import type { RequestBody } from "../request/request-body.ts";

const REFERENCES = {
  voyage_ai: "https://docs.voyageai.com/reference/embeddings-api",
  jina_ai: "https://api.jina.ai/redoc",
} as const;

/** Embeddings and rankings of Voyage and Jina, who count one thing: all tokens of the input. */
export const voyageEmbeddings: WireApi = retrievalApi("voyage_ai", "embeddings", ["/embeddings"]);
export const voyageRerank: WireApi = retrievalApi("voyage_ai", "rerank", ["/rerank"]);
export const jinaEmbeddings: WireApi = retrievalApi("jina_ai", "embeddings", ["/embeddings"]);
export const jinaRerank: WireApi = retrievalApi("jina_ai", "rerank", ["/rerank"]);

function retrievalApi(
  provider: keyof typeof REFERENCES,
  operation: GenAiOperation,
  pathEnds: readonly string[],
): WireApi {
  return createSingleAnswerApi({
    id: `${provider}.${operation}`,
    operation,
    provider,
    about: {
      reference: REFERENCES[provider],
      answer: { model: "model", inputTokens: "usage.total_tokens", outputTokens: "0" },
    },
    pathEnds,
    readRequest: (text) =>
      readPlainRequest(text, {
        isOne: (body) => body.text("model") !== undefined && hasContent(body),
        model: (body) => body.text("model"),
        unboundable: rankedContent,
        mediaKeys: provider === "jina_ai" ? JINA_MEDIA : undefined,
      }),
    readAnswer,
    refusalBody,
  });
}

const CONTENT_MEMBERS = ["input", "inputs", "documents"];

function hasContent(body: RequestBody): boolean {
  return CONTENT_MEMBERS.some((key) => body.raw(key) !== undefined);
}

/** Jina names the kinds of its inputs by keys. */
const JINA_MEDIA: ReadonlySet<string> = new Set(["image", "pdf"]);

/** The query is read once more for each document. */
function rankedContent(body: RequestBody): string | undefined {
  return body.raw("query") === undefined
    ? undefined
    : "the provider reads the query with every document";
}

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "model", readLabel(answer, "model"));
  const inputTokens = readCount(readUsage(answer, draft), "total_tokens", draft);
  if (inputTokens !== undefined) noteUsage(draft, { inputTokens, outputTokens: 0 });
  const isError = readLabel(answer, "detail") !== undefined || typeof answer["detail"] === "string";
  if (isError) noteText(draft, "errorType", readLabel(answer, "code") ?? "error");
}

/** Both say errors in one sentence. */
function refusalBody(refusal: BudgetRefusal): object {
  return {
    detail: describeRefusal(refusal),
    code: BUDGET_EXCEEDED_CODE,
    tollgate: refusalMarker(refusal),
  };
}

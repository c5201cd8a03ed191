import { refusalError, type RequestFacts } from "@tollgate/core";
import { createUnstreamedReader } from "../answer/unstreamed.ts";
import type { WireApi } from "../api.ts";
import { inputOnlyRequest } from "../request/input-only-request.ts";
import { openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { INPUT_ONLY_FIELDS, readInputOnlyAnswer } from "./input-only-answer.ts";

/**
 * Reranking as Together, OpenRouter, Voyage, Jina and vLLM answer it: nobody's standard, and almost
 * one shape. Errors are OpenAI's.
 *
 * @see https://docs.together.ai/reference/rerank
 */
export const rerank: WireApi = {
  id: "rerank",
  operation: "rerank",
  provider: "openai",
  hasCommonPath: true,
  pathEnds: ["/rerank"],
  about: {
    reference: "https://docs.together.ai/reference/rerank",
    answer: INPUT_ONLY_FIELDS,
    limits: ["Vendors that count neither tokens nor searches: such calls are estimated."],
  },
  readRequest,
  readJson: (value, answer) => readInputOnlyAnswer(value, answer, "results", "data"),
  createStreamReader: createUnstreamedReader,
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  if (!body || !isRerank(body)) return undefined;
  return {
    ...inputOnlyRequest(body, body.text("model")),
    unboundable: "the query is read again with each document",
  };
}

/** Bedrock names model, query and documents its own way. */
function isRerank(body: RequestBody): boolean {
  const isBedrocks = body.raw("rerankingConfiguration") !== undefined;
  return isBedrocks || (body.raw("query") !== undefined && body.isArray("documents"));
}

import type { GenAiOperation } from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import { noteText, noteUsage, type AnswerDraft } from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { readLabel, readObject, type JsonObject } from "../json/read.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import type { RequestBody } from "../request/request-body.ts";
import { cohereRefusal, noteCohereError } from "./cohere-error.ts";
import { cohereUsage } from "./cohere-usage.ts";

/** @see https://docs.cohere.com/reference/embed */
export const cohereEmbed: WireApi = retrievalApi(
  "embeddings",
  ["/v1/embed", "/v2/embed"],
  ["texts", "inputs", "images"],
);

/**
 * Billed by the search unit (a query with up to a hundred documents), not by tokens.
 *
 * @see https://docs.cohere.com/reference/rerank
 */
export const cohereRerank: WireApi = retrievalApi(
  "rerank",
  ["/v1/rerank", "/v2/rerank"],
  ["documents"],
);

function retrievalApi(
  operation: GenAiOperation,
  pathEnds: readonly string[],
  contentMembers: readonly string[],
): WireApi {
  return createSingleAnswerApi({
    id: operation === "rerank" ? "cohere.rerank" : "cohere.embed",
    operation,
    provider: "cohere",
    about: {
      reference: `https://docs.cohere.com/reference/${operation === "rerank" ? "rerank" : "embed"}`,
      answer: {
        id: "id",
        inputTokens: "meta.billed_units.input_tokens | meta.tokens.input_tokens",
        outputTokens: "meta.billed_units.output_tokens | meta.tokens.output_tokens | 0",
        searchUnits: "meta.billed_units.search_units",
      },
    },
    pathEnds,
    readRequest: (text) =>
      readPlainRequest(text, {
        isOne: (body) => contentMembers.some((key) => body.raw(key) !== undefined),
        model: (body) => body.text("model"),
        unboundable,
      }),
    readAnswer,
    refusalBody: cohereRefusal,
  });
}

function unboundable(body: RequestBody): string | undefined {
  if (body.raw("documents") !== undefined) return "the provider bills searches instead of tokens";
  const isText = body.raw("texts") !== undefined && body.raw("images") === undefined;
  return isText ? undefined : "the prompt holds content that is not text: images";
}

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "id", readLabel(answer, "id"));
  noteCohereError(draft, answer);
  const meta = readObject(answer, "meta");
  const usage = cohereUsage(meta, draft);
  const searchUnits = readCount(readObject(meta, "billed_units"), "search_units", draft);
  if (usage !== undefined) {
    noteUsage(draft, { ...usage, outputTokens: usage.outputTokens ?? 0, searchUnits });
  } else if (searchUnits !== undefined) {
    noteUsage(draft, { inputTokens: undefined, outputTokens: undefined, searchUnits });
  }
}

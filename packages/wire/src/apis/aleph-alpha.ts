import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
  type RequestFacts,
} from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import { noteFinish, noteText, noteUsage, type AnswerDraft } from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readLabel, readList, textLength, type JsonObject } from "../json/read.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableMember } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";

/**
 * Aleph Alpha's completions.
 *
 * @see https://docs.aleph-alpha.com/docs/apis/
 */
export const alephAlphaComplete: WireApi = createSingleAnswerApi({
  id: "aleph_alpha.complete",
  operation: "text_completion",
  provider: "aleph_alpha",
  pathEnds: ["/complete"],
  about: {
    reference: "https://docs.aleph-alpha.com/docs/apis/",
    answer: {
      model: "model_version",
      finishReasons: "completions[].finish_reason",
      inputTokens: "num_tokens_prompt_total",
      outputTokens: "num_tokens_generated",
    },
    limits: ["Streams are not read."],
  },
  outputCap: { members: ["maximum_tokens"] },
  readRequest,
  readAnswer,
  refusalBody,
});

function refusalBody(refusal: BudgetRefusal): object {
  return {
    error: describeRefusal(refusal),
    code: BUDGET_EXCEEDED_CODE,
    tollgate: refusalMarker(refusal),
  };
}

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model");
  if (!body || model === undefined || body.raw("prompt") === undefined) return undefined;
  return {
    model,
    streaming: false,
    maxOutputTokens: body.count("maximum_tokens"),
    choices: body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    // A prompt in several parts may hold images.
    unboundable: unboundableMember(body, {
      best_of: "the provider generates more answers than it gives (best_of)",
    }),
  };
}

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "model", readLabel(answer, "model_version"));
  for (const [index, completion] of readList(answer, "completions").entries()) {
    if (!isJsonObject(completion)) continue;
    draft.outputChars += textLength(completion, "completion");
    noteFinish(draft, index, readLabel(completion, "finish_reason"));
  }
  const inputTokens = readCount(answer, "num_tokens_prompt_total", draft);
  const outputTokens = readCount(answer, "num_tokens_generated", draft);
  if (inputTokens !== undefined || outputTokens !== undefined) {
    noteUsage(draft, { inputTokens, outputTokens });
  }
}

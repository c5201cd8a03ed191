import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
} from "@tollgate/core";
import { noteText, type AnswerDraft } from "../answer/draft.ts";
import { readLabel, type JsonObject } from "../json/read.ts";

/** @see https://docs.cohere.com/reference/errors */
export function cohereRefusal(refusal: BudgetRefusal): object {
  return {
    id: null,
    message: describeRefusal(refusal),
    code: BUDGET_EXCEEDED_CODE,
    tollgate: refusalMarker(refusal),
  };
}

/** An answer's `message` is an object, an error's is a sentence. */
export function noteCohereError(draft: AnswerDraft, answer: JsonObject): void {
  if (typeof answer["message"] !== "string") return;
  noteText(draft, "errorType", readLabel(answer, "code") ?? "error");
}

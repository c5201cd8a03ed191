import type { ResponseFacts } from "@tollgate/core";
import type { JsonObject } from "../json/read.ts";
import { draftFacts, noteProblem, type AnswerDraft } from "./draft.ts";

/**
 * Ends the reading of an answer that came whole.
 *
 * @param listKey - the list that every answer of the API has, an error not.
 */
export function wholeAnswer(
  draft: AnswerDraft,
  answer: JsonObject,
  listKey: string,
): ResponseFacts {
  if (!Array.isArray(answer[listKey]) && draft.errorType === undefined) {
    noteProblem(draft, `the answer has neither ${listKey} nor an error`);
  }
  draft.complete = true;
  return draftFacts(draft);
}

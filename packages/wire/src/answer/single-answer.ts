import type { ResponseFacts } from "@tollgate/core";
import type { WireApi } from "../api.ts";
import { isJsonObject, type JsonObject } from "../json/read.ts";
import { createDraft, draftFacts, nonsenseFacts, noteError, type AnswerDraft } from "./draft.ts";
import { createUnstreamedReader } from "./unstreamed.ts";

/** What is particular to an API that always answers with one JSON object and generates no text. */
export interface SingleAnswerApi extends Pick<
  WireApi,
  | "id"
  | "about"
  | "hasCommonPath"
  | "operation"
  | "provider"
  | "pathEnds"
  | "acceptsPath"
  | "outputCap"
  | "readRequest"
  | "refusalBody"
> {
  /** Takes an answer that is no error. */
  readAnswer(draft: AnswerDraft, answer: JsonObject): void;
}

/** An API that never streams. */
export function createSingleAnswerApi(api: SingleAnswerApi): WireApi {
  const { readAnswer, ...rest } = api;
  return {
    ...rest,
    readJson: (value) => readOne(readAnswer, value),
    isStream: () => false,
    createStreamReader: createUnstreamedReader,
  };
}

function readOne(readAnswer: SingleAnswerApi["readAnswer"], value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  noteError(draft, value["error"]);
  readAnswer(draft, value);
  draft.complete = true;
  return draftFacts(draft);
}

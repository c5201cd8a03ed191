import { refusalError, type RequestFacts } from "@tollgate/core";
import { createUnstreamedReader } from "../answer/unstreamed.ts";
import type { WireApi } from "../api.ts";
import { hasInput, inputOnlyRequest } from "../request/input-only-request.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { INPUT_ONLY_FIELDS, readInputOnlyAnswer } from "./input-only-answer.ts";

/**
 * OpenAI's moderations, which cost nothing with its own models.
 *
 * @see https://platform.openai.com/docs/api-reference/moderations
 */
export const openAiModerations: WireApi = {
  id: "openai.moderations",
  operation: "moderation",
  provider: "openai",
  pathEnds: ["/moderations"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/moderations",
    answer: INPUT_ONLY_FIELDS,
    notes: ["Free with OpenAI's own models."],
  },
  readRequest,
  readJson: (value, answer) => readInputOnlyAnswer(value, answer, "results"),
  createStreamReader: createUnstreamedReader,
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

/** The default model is one of these too. Mistral bills its own under the same path. */
const FREE_MODELS = /^(?:omni|text)-moderation/;

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  if (!body || !hasInput(body)) return undefined;
  const model = body.text("model");
  const free = model === undefined || FREE_MODELS.test(model);
  return { ...inputOnlyRequest(body, model), free };
}

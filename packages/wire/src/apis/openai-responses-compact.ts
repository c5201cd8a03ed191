import type { WireApi } from "../api.ts";
import {
  RESPONSE_FIELDS,
  openAiResponses,
  readResponsesJson,
  readResponsesRequest,
} from "./openai-responses.ts";
import { createUnstreamedReader } from "../answer/unstreamed.ts";

/**
 * Shortens a conversation for the Responses API, in whose shape it asks and answers.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/compact
 */
export const openAiResponsesCompact: WireApi = {
  id: "openai.responses.compact",
  operation: "chat",
  provider: "openai",
  pathEnds: ["/responses/compact"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/responses/compact",
    answer: RESPONSE_FIELDS,
  },
  readRequest: readResponsesRequest,
  readJson: readResponsesJson,
  createStreamReader: createUnstreamedReader,
  refusalBody: openAiResponses.refusalBody,
};

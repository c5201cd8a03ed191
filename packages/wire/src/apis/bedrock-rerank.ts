import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import { createDraft, draftFacts, nonsenseFacts, noteProblem } from "../answer/draft.ts";
import type { WireApi } from "../api.ts";
import { createFrameStreamReader } from "../event-stream/frame-stream-reader.ts";
import { isJsonObject } from "../json/read.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";

/** On its own host; elsewhere the path belongs to other vendors. */
const URL_END = /\.amazonaws\.com(?:\.cn)?(?::\d+)?\/rerank$/;

/**
 * Rerank of Bedrock's agent runtime, which counts queries, not tokens.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html
 */
export const bedrockRerank: WireApi = {
  id: "bedrock.rerank",
  operation: "rerank",
  provider: "aws.bedrock",
  matchesPath: (path) => path === "/rerank" || (path.endsWith("/rerank") && URL_END.test(path)),
  readRequest,
  readJson,
  createStreamReader: () =>
    createFrameStreamReader({
      readEvent: () => undefined,
      readError: () => undefined,
      facts: () => draftFacts(createDraft()),
    }),
  isStream: () => false,
  refusalBody: refusalError,
};

function readRequest(text: string | undefined): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  if (body?.raw("rerankingConfiguration") === undefined) return undefined;
  return {
    model: undefined,
    streaming: false,
    maxOutputTokens: undefined,
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: "the provider charges by the query, not by tokens",
  };
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  draft.complete = true;
  if (!Array.isArray(value["results"])) noteProblem(draft, "the answer has no results");
  return draftFacts(draft);
}

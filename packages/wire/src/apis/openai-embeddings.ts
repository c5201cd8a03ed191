import { refusalError, type RequestFacts } from "@tollgate/core";
import { createUnstreamedReader } from "../answer/unstreamed.ts";
import type { WireApi } from "../api.ts";
import { hasInput, inputOnlyRequest } from "../request/input-only-request.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableContent } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { INPUT_ONLY_FIELDS, readInputOnlyAnswer } from "./input-only-answer.ts";

/**
 * OpenAI's embeddings.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings
 */
export const openAiEmbeddings: WireApi = {
  id: "openai.embeddings",
  operation: "embeddings",
  provider: "openai",
  pathEnds: ["/embeddings"],
  // Ollama's own API has another shape there.
  acceptsPath: (path) => !path.endsWith("/api/embeddings"),
  about: {
    reference: "https://platform.openai.com/docs/api-reference/embeddings",
    answer: INPUT_ONLY_FIELDS,
  },
  readRequest,
  readJson: (value, answer) => readInputOnlyAnswer(value, answer, "data"),
  createStreamReader: createUnstreamedReader,
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openRequestBody(text);
  const model = body?.text("model") ?? modelInPath(path);
  if (!body || model === undefined || !hasInput(body)) return undefined;
  return { ...inputOnlyRequest(body, model), unboundable: unboundableContent(body) };
}

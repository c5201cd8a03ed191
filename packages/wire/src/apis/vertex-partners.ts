import type { RequestFacts } from "@tollgate/core";
import type { WireApi } from "../api.ts";
import { anthropicCountTokens } from "./anthropic-count-tokens.ts";
import { anthropicMessages, readMessagesRequest } from "./anthropic-messages.ts";
import { isGoogleMethod, modelOfGooglePath } from "./google-path.ts";
import { openAiChat } from "./openai-chat.ts";

/** Other makers' models on Vertex AI speak their makers' formats; the path says which model. */
function isPartnerCall(path: string, publisher: string): boolean {
  return (
    path.includes(`/publishers/${publisher}/models/`) &&
    (isGoogleMethod(path, "gcp.vertex_ai", "rawPredict") ||
      isGoogleMethod(path, "gcp.vertex_ai", "streamRawPredict"))
  );
}

/** @see https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai */
export const vertexAnthropicMessages: WireApi = {
  ...anthropicMessages,
  provider: "gcp.vertex_ai",
  matchesPath: (path) => isPartnerCall(path, "anthropic"),
  readRequest: (text, path) =>
    onPathModel(readMessagesRequest(text, modelOfGooglePath(path)), path),
};

/** The token counter is a model by name; the one it counts for is in the body. */
export const vertexAnthropicCountTokens: WireApi = {
  ...anthropicCountTokens,
  provider: "gcp.vertex_ai",
  matchesPath: (path) =>
    isPartnerCall(path, "anthropic") && path.endsWith("/count-tokens:rawPredict"),
};

/** @see https://docs.mistral.ai/deployment/cloud/vertex */
export const vertexMistralChat: WireApi = {
  ...openAiChat,
  provider: "gcp.vertex_ai",
  matchesPath: (path) => isPartnerCall(path, "mistralai"),
  readRequest: (text, path) => onPathModel(openAiChat.readRequest(text), path),
};

function onPathModel(
  facts: RequestFacts | undefined,
  path: string | undefined,
): RequestFacts | undefined {
  return facts && { ...facts, model: modelOfGooglePath(path) ?? facts.model };
}

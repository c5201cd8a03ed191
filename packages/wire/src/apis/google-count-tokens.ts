import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import { googleRefusal } from "./google-error.ts";
import { cloudOf, modelOfGooglePath, type GoogleCloud } from "./google-path.ts";

/**
 * Counting what a prompt would use. What the answer says was counted, not used: it is no usage.
 *
 * @see https://ai.google.dev/api/tokens
 */
export const geminiCountTokens: WireApi = countTokens("gcp.gemini");
export const vertexCountTokens: WireApi = countTokens("gcp.vertex_ai");

const CONTENT_MEMBERS = ["contents", "generateContentRequest", "instances"];

function countTokens(cloud: GoogleCloud): WireApi {
  return createSingleAnswerApi({
    id: "google.count_tokens",
    operation: "count_tokens",
    provider: cloud,
    pathEnds: [":countTokens"],
    about: {
      reference: "https://ai.google.dev/api/tokens",
      notes: ["Free: what it counts is not used."],
    },
    acceptsPath: (path) => cloudOf(path) === cloud,
    readRequest: (text, path) => {
      const model = modelOfGooglePath(path);
      const facts = readPlainRequest(text, {
        isOne: (body) => CONTENT_MEMBERS.some((key) => body.raw(key) !== undefined),
        model: () => model,
        free: true,
      });
      return facts && { ...facts, model };
    },
    readAnswer: () => {},
    refusalBody: googleRefusal,
  });
}

import {
  refusalError,
  type BudgetRefusal,
  type GenAiOperation,
  type RequestFacts,
} from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import { noteError, noteText, noteUsage, type AnswerDraft } from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { openAiChat } from "./openai-chat.ts";
import { CHAT_USAGE_FIELDS, CHAT_USAGE_NAMES, openAiUsage } from "./openai-usage.ts";

/** Mistral answers as OpenAI's chat completions do, errors aside: those have nothing around them. */
const chatLike: WireApi = {
  ...openAiChat,
  provider: "mistral_ai",
  outputCap: { members: ["max_tokens"] },
  readJson: (value, answer) =>
    openAiChat.readJson(isError(value) ? { error: value } : value, answer),
  refusalBody: mistralRefusal,
};

/** @see https://docs.mistral.ai/api/endpoint/chat */
export const mistralChat: WireApi = chatLike;

/** @see https://docs.mistral.ai/api/endpoint/agents */
export const mistralAgents: WireApi = {
  ...chatLike,
  id: "mistral.agents",
  pathEnds: ["/agents/completions"],
  readRequest: (text) => readCompletionRequest(text, "agent_id"),
};

/** @see https://docs.mistral.ai/api/endpoint/fim */
export const mistralFim: WireApi = {
  ...chatLike,
  id: "mistral.fim",
  operation: "text_completion",
  pathEnds: ["/fim/completions"],
  readRequest: (text) => readCompletionRequest(text, "prompt"),
};

export const mistralEmbeddings: WireApi = inputApi(
  "mistral.embeddings",
  "embeddings",
  ["/embeddings"],
  "https://docs.mistral.ai/api/endpoint/embeddings",
);

/** Billed by the token, unlike OpenAI's. */
export const mistralModerations: WireApi = inputApi(
  "mistral.moderations",
  "moderation",
  ["/moderations", "/classifications"],
  "https://docs.mistral.ai/api/endpoint/classifiers",
);

function isError(value: unknown): value is JsonObject {
  return isJsonObject(value) && value["object"] === "error";
}

function mistralRefusal(refusal: BudgetRefusal): object {
  return { object: "error", ...refusalError(refusal) };
}

/** @param contentKey - the member without which it is another API's request. */
function readCompletionRequest(
  text: string | undefined,
  contentKey: "agent_id" | "prompt",
): RequestFacts | undefined {
  if (text === undefined) return unreadRequest();
  const body = openRequestBody(text);
  const model = body?.text("model");
  if (body?.text(contentKey) === undefined) return undefined;
  if (contentKey === "prompt" ? model === undefined : !body.isArray("messages")) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_tokens"),
    choices: body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable:
      contentKey === "agent_id"
        ? "the provider keeps the agent's model and prompt (agent_id)"
        : (unboundableContent(body) ?? unboundableTool(body)),
  };
}

function inputApi(
  id: string,
  operation: GenAiOperation,
  pathEnds: readonly string[],
  reference: string,
): WireApi {
  return createSingleAnswerApi({
    id,
    operation,
    provider: "mistral_ai",
    about: {
      reference,
      answer: {
        model: "model",
        id: "id",
        ...CHAT_USAGE_FIELDS,
        outputTokens: "usage.completion_tokens | 0",
      },
    },
    pathEnds,
    readRequest: (text) =>
      readPlainRequest(text, {
        isOne: (body) => body.text("model") !== undefined && body.raw("input") !== undefined,
        model: (body) => body.text("model"),
      }),
    readAnswer,
    refusalBody: mistralRefusal,
  });
}

function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  if (isError(answer)) noteError(draft, answer);
  noteText(draft, "id", readLabel(answer, "id"));
  noteText(draft, "model", readLabel(answer, "model"));
  const usage = openAiUsage(readUsage(answer, draft), CHAT_USAGE_NAMES, draft);
  noteUsage(draft, usage && { ...usage, outputTokens: usage.outputTokens ?? 0 });
}

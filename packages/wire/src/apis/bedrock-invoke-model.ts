import {
  refusalError,
  type GenAiOperation,
  type RequestFacts,
  type ResponseFacts,
} from "@tollgate/core";
import type { ApiDescription } from "../api-description.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import { EVENT_STREAM_TYPE } from "../event-stream/frame-stream-reader.ts";
import { openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember, unboundableTool } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { HEADER_FIELDS, METRICS_FIELDS, fillUsage, headerUsage } from "./bedrock-counts.ts";
import { MAKER_FIELDS, readMakerAnswer, readPlainAnswer } from "./bedrock-maker-body.ts";
import { createMakerStreamReader } from "./bedrock-maker-stream.ts";
import { isModelPath, modelOfPath } from "./bedrock-path.ts";
import { countWithin, unboundableBlock } from "./bedrock-request.ts";

const INVOKE = "invoke";

const ABOUT: ApiDescription = {
  reference: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html",
  answer: MAKER_FIELDS,
  like: ["anthropic.messages", "openai.chat", "bedrock.converse"],
  headers: HEADER_FIELDS,
  stream: [{ answerAt: "" }, { fields: METRICS_FIELDS }],
  notes: [
    "The model's maker decides on the body: it is read as such, and headers or metrics fill in what it leaves out.",
  ],
  limits: ["Images and video have no counts and no price."],
};

/**
 * Bedrock's InvokeModel: the model maker's own request and answer.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
 */
export const bedrockInvokeModel: WireApi = createInvoke("bedrock.invoke_model", INVOKE, "chat");

/** The same for models that embed, which write nothing. Before the other, since it asks for more. */
export const bedrockInvokeEmbeddings: WireApi = {
  ...createInvoke("bedrock.invoke_model.embeddings", INVOKE, "embeddings"),
  about: {
    ...ABOUT,
    answer: { ...MAKER_FIELDS, outputTokens: "0" },
    like: [],
    headers: { ...HEADER_FIELDS, outputTokens: "0" },
    stream: [],
  },
  acceptsPath: (path) => isModelPath(path, INVOKE) && path.includes("embed"),
  readJson(value, answer) {
    const facts = fillUsage(readPlainAnswer(value), headerUsage(answer));
    return fillUsage(facts, facts.usage && { ...facts.usage, outputTokens: 0 });
  },
};

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html */
export const bedrockInvokeModelStream: WireApi = createInvoke(
  "bedrock.invoke_model_with_response_stream",
  "invoke-with-response-stream",
  "chat",
);

function createInvoke(id: string, action: string, operation: GenAiOperation): WireApi {
  return {
    id,
    operation,
    provider: "aws.bedrock",
    about: ABOUT,
    pathEnds: [`/${action}`],
    acceptsPath: (path) => isModelPath(path, action),
    readRequest: (text, path) => readRequest(text, modelOfPath(path, action), action !== INVOKE),
    readJson,
    isStream: (contentType) => contentType.includes(EVENT_STREAM_TYPE),
    createStreamReader: createMakerStreamReader,
    refusalBody: refusalError,
  };
}

function readRequest(
  text: string | undefined,
  model: string | undefined,
  streaming: boolean,
): RequestFacts | undefined {
  if (text === undefined) return { ...unreadRequest(), model, streaming };
  const body = openRequestBody(text);
  if (!body || !isInvocation(body, model)) return undefined;
  return {
    model,
    streaming,
    maxOutputTokens: maxOutputTokens(body),
    choices: body.count("num_generations") ?? body.count("numResults") ?? body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    offersTools: TOOL_KEYS.some((key) => body.raw(key) !== undefined),
    unboundable:
      unboundableContent(body) ??
      unboundableBlock(body) ??
      unboundableTool(body) ??
      unboundableMember(body, MEDIA_MEMBERS),
  };
}

const TOOL_KEYS = ["tools", "toolConfig"];

/** Models that look at pictures or make them. */
const MEDIA_MEMBERS = {
  images: "the prompt holds content that is not text: images",
  inputImage: "the prompt holds content that is not text: image",
  taskType: "the model makes something other than text",
  text_prompts: "the model makes something other than text",
};

/** Bedrock's ids name their maker or are ARNs; an app's own `/model/7/invoke` has neither. */
function isInvocation(body: RequestBody, model: string | undefined): boolean {
  return /[.:]/.test(model ?? "") || PROMPT_KEYS.some((key) => body.raw(key) !== undefined);
}

const PROMPT_KEYS = ["messages", "prompt", "inputText", "message", "texts", "inputs"];

/** Each maker's own name for it. */
function maxOutputTokens(body: RequestBody): number | undefined {
  return (
    body.count("max_tokens") ??
    body.count("max_completion_tokens") ??
    body.count("max_tokens_to_sample") ??
    body.count("max_gen_len") ??
    body.count("maxTokens") ??
    countWithin(body, "inferenceConfig", "maxTokens") ??
    countWithin(body, "inferenceConfig", "max_new_tokens") ??
    countWithin(body, "textGenerationConfig", "maxTokenCount")
  );
}

function readJson(value: unknown, answer?: AnswerSource): ResponseFacts {
  return fillUsage(readMakerAnswer(value), headerUsage(answer));
}

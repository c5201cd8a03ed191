import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteError,
  noteProblem,
  noteText,
} from "../answer/draft.ts";
import type { ApiDescription } from "../api-description.ts";
import type { StreamReader, WireApi } from "../api.ts";
import { createFrameStreamReader, EVENT_STREAM_TYPE } from "../event-stream/frame-stream-reader.ts";
import { isJsonObject, parseObject } from "../json/read.ts";
import type { OutputCap } from "../output-cap/output-cap.ts";
import { openRequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";
import {
  converseComplete,
  readConverseAnswer,
  readConverseEvent,
} from "./bedrock-converse-answer.ts";
import { CONVERSE_USAGE_FIELDS } from "./bedrock-counts.ts";
import { isModelPath, modelOfPath } from "./bedrock-path.ts";
import { countWithin, labelWithin, unboundableBlock } from "./bedrock-request.ts";

const ABOUT: ApiDescription = {
  reference: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
  answer: {
    model: "trace.promptRouter.invokedModelId",
    finishReasons: "stopReason",
    toolCalls: "output.message.content[].toolUse.name",
    serviceTier: "serviceTier.type",
    ...CONVERSE_USAGE_FIELDS,
  },
  stream: [
    { event: "contentBlockStart", fields: { toolCalls: "start.toolUse.name" } },
    { event: "messageStop", fields: { finishReasons: "stopReason" } },
    { event: "metadata", answerAt: "", fields: { finishReasons: "", toolCalls: "" } },
  ],
  limits: [
    "Answers name their model only behind a prompt router; else the one in the path counts.",
    "An application inference profile does not say which model it stands for, and has no price.",
  ],
};

const OUTPUT_CAP: OutputCap = {
  members: ["inferenceConfig.maxTokens"],
  thinking: [
    "additionalModelRequestFields.thinking.budget_tokens",
    "additionalModelRequestFields.reasoning_config.budget_tokens",
  ],
};

/**
 * Bedrock's Converse, one shape for the models of all makers.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export const bedrockConverse: WireApi = createConverse("bedrock.converse", "converse", false);

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
export const bedrockConverseStream: WireApi = createConverse(
  "bedrock.converse_stream",
  "converse-stream",
  true,
);

function createConverse(id: string, action: string, streaming: boolean): WireApi {
  return {
    id,
    operation: "chat",
    provider: "aws.bedrock",
    about: ABOUT,
    pathEnds: [`/${action}`],
    acceptsPath: (path) => isModelPath(path, action),
    outputCap: OUTPUT_CAP,
    readRequest: (text, path) => readRequest(text, modelOfPath(path, action), streaming),
    readJson,
    isStream: (contentType) => contentType.includes(EVENT_STREAM_TYPE),
    createStreamReader,
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
  const isPrompt = model?.includes(":prompt/") === true;
  if (!body || !(body.isArray("messages") || isPrompt)) return undefined;
  return {
    model,
    streaming,
    maxOutputTokens: countWithin(body, "inferenceConfig", "maxTokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: labelWithin(body, "serviceTier", "type"),
    offersTools: body.raw("toolConfig") !== undefined,
    unboundable:
      (isPrompt ? "the provider keeps the prompt" : undefined) ??
      unboundableBlock(body) ??
      (body.raw("toolConfig")?.includes('"systemTool"')
        ? "the provider runs a tool itself"
        : undefined),
  };
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  readConverseAnswer(draft, value);
  noteError(draft, value["error"]);
  if (!isJsonObject(value["output"]) && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither output nor an error");
  }
  return { ...draftFacts(draft), complete: true };
}

function createStreamReader(): StreamReader {
  const draft = createDraft();
  const decoder = new TextDecoder();
  return createFrameStreamReader({
    readEvent(type, payload) {
      const event = parseObject(decoder.decode(payload));
      if (event === undefined) noteProblem(draft, "an event is not a JSON object");
      else readConverseEvent(draft, type, event);
    },
    readError: (errorType) => noteText(draft, "errorType", errorType),
    facts: () => ({ ...draftFacts(draft), complete: converseComplete(draft) }),
  });
}

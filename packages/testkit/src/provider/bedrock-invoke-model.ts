import { anthropicMessages } from "./anthropic-messages.ts";
import type { ApiCodec, SseEvent } from "./api-codec.ts";
import {
  BEDROCK_FRAMING,
  bedrockError,
  bedrockErrorBody,
  bedrockErrorHeaders,
  bedrockHeaders,
  bedrockStreamError,
  readBedrockAsked,
} from "./bedrock-wire.ts";
import type { Reply, ReplyUsage } from "./reply.ts";

/**
 * Bedrock's InvokeModel and InvokeModelWithResponseStream with Anthropic's models: their own bodies, and
 * around them what Bedrock counted.
 * Source: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html.
 */
export const bedrockInvokeModel: ApiCodec = {
  api: "bedrock.invoke_model",
  matches: (path) => /^\/model\/.+\/invoke(?:-with-response-stream)?$/.test(path),
  readAsked: (request) => readBedrockAsked(request, request.body["max_tokens"]),
  framing: BEDROCK_FRAMING,
  headers: bedrockHeaders,
  replyHeaders: ({ usage }) =>
    usage === undefined
      ? {}
      : {
          "x-amzn-bedrock-invocation-latency": "412",
          "x-amzn-bedrock-input-token-count": String(uncached(usage)),
          "x-amzn-bedrock-output-token-count": String(usage.outputTokens),
          "x-amzn-bedrock-cache-read-input-token-count": String(usage.cacheReadTokens),
          "x-amzn-bedrock-cache-write-input-token-count": String(usage.cacheWriteTokens),
        },
  errorHeaders: bedrockErrorHeaders,
  check: ({ body }) =>
    body["anthropic_version"] === undefined ? bedrockError(NO_VERSION, 400) : undefined,
  json: (reply) => anthropicMessages.json(withMakersModel(reply)),
  events: (reply) => {
    const events = anthropicMessages.events(withMakersModel(reply));
    return events.map((event, index) => wrap(event, reply, index === events.length - 1));
  },
  error: bedrockError,
  errorBody: bedrockErrorBody,
  streamError: (error) => [bedrockStreamError(error)],
};

const NO_VERSION = { errorMessage: "anthropic_version: Field required" };

/** The body names the model as its maker does, not as Bedrock does. */
function withMakersModel(reply: Reply): Reply {
  const [, model = reply.model] = /anthropic\.(.+?)(?:-v\d+:\d+)?$/.exec(reply.model) ?? [];
  return { ...reply, model: reply.script.model ?? model };
}

function wrap({ data, chunk }: SseEvent, { usage }: Reply, isLast: boolean): SseEvent {
  const metrics = isLast && usage && { "amazon-bedrock-invocationMetrics": metricsOf(usage) };
  const text = metrics ? JSON.stringify({ ...JSON.parse(data), ...metrics }) : data;
  const bytes = Buffer.from(text).toString("base64");
  return { event: "chunk", data: JSON.stringify({ bytes, p: "abcdefghij" }), chunk };
}

function metricsOf(usage: ReplyUsage): object {
  return {
    inputTokenCount: uncached(usage),
    outputTokenCount: usage.outputTokens,
    invocationLatency: 412,
    firstByteLatency: 201,
    cacheReadInputTokenCount: usage.cacheReadTokens,
    cacheWriteInputTokenCount: usage.cacheWriteTokens,
  };
}

function uncached({ inputTokens, cacheReadTokens, cacheWriteTokens }: ReplyUsage): number {
  return inputTokens - cacheReadTokens - cacheWriteTokens;
}

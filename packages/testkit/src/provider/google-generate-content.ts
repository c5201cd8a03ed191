import type { ApiCodec, SseEvent } from "./api-codec.ts";
import { readLimit } from "./asked.ts";
import { googleError, googleErrorObject, GOOGLE_HEADERS } from "./google-wire.ts";
import { asObject, type RecordedRequest } from "./recorded-request.ts";
import { freshId, type Reply, type ReplyUsage } from "./reply.ts";

const PATH = /^\/v1(?:beta|alpha)?\/models\/([^/]+):(generateContent|streamGenerateContent)$/;

/**
 * Gemini `generateContent` and `streamGenerateContent` with `alt=sse`.
 * Source: ai.google.dev/api/generate-content and recordings.
 */
export const googleGenerateContent: ApiCodec = {
  api: "google.generate_content",
  matches: (path) => PATH.test(path),
  readAsked({ path, body }) {
    const [, model = "unknown", method] = PATH.exec(path.split("?", 1)[0] ?? "") ?? [];
    const { maxOutputTokens } = asObject(body["generationConfig"]);
    return {
      model: decodeURIComponent(model),
      streaming: method === "streamGenerateContent",
      outputLimitTokens: readLimit(maxOutputTokens),
    };
  },
  framing: {
    contentType: "text/event-stream",
    // What goes wrong in the middle of a stream is not an event but bare JSON.
    format: ({ event, data }) => (event === "bare" ? data : `data: ${data}\r\n\r\n`),
  },
  headers: () => GOOGLE_HEADERS,
  check: (request) => (isMissingContents(request) ? googleError(NO_CONTENTS, 400) : undefined),
  json: (reply) =>
    JSON.stringify(
      answer(reply, parts(reply), { finishReason: finishReason(reply) }, reply.usage),
      undefined,
      2,
    ),
  events,
  error: googleError,
  errorBody: (error) => `${JSON.stringify(googleErrorObject(error), undefined, 2)}\n`,
  streamError: (error) => [
    { event: "bare", data: JSON.stringify(googleErrorObject(error)), chunk: false },
  ],
};

const NO_CONTENTS = {
  errorMessage: "* GenerateContentRequest.contents: contents is not specified\n",
};

function isMissingContents({ body }: RecordedRequest): boolean {
  return body["contents"] === undefined;
}

/** Counts run along with the stream; the last ones stand. */
function events(reply: Reply): SseEvent[] {
  const { usage } = reply;
  const event = (
    part: object,
    members: object,
    counts: ReplyUsage | undefined,
    chunk: boolean,
  ): SseEvent => ({ data: JSON.stringify(answer(reply, [part], members, counts)), chunk });
  const running = (sent: number): ReplyUsage | undefined =>
    usage && { ...usage, outputTokens: Math.min(usage.outputTokens, sent), reasoningTokens: 0 };
  const sent: SseEvent[] = [];
  if (reply.reasoning !== undefined) {
    sent.push(event(thought(reply.reasoning), {}, running(0), true));
  }
  for (const text of reply.pieces) sent.push(event({ text }, {}, running(sent.length + 1), true));
  for (const call of functionCalls(reply)) sent.push(event(call, {}, running(sent.length), true));
  sent.push(event({ text: "" }, { finishReason: finishReason(reply) }, usage, false));
  return sent;
}

function parts(reply: Reply): object[] {
  return [
    ...(reply.reasoning === undefined ? [] : [thought(reply.reasoning)]),
    ...(reply.text === undefined ? [] : [{ text: reply.text }]),
    ...functionCalls(reply),
  ];
}

function thought(text: string): object {
  return { text, thought: true };
}

function functionCalls({ toolCalls }: Reply): object[] {
  return toolCalls.map((call) => ({
    functionCall: {
      name: call.name,
      args: call.arguments,
      ...(call.id !== undefined && { id: call.id }),
    },
    thoughtSignature: freshId("Eq"),
  }));
}

function answer(
  reply: Reply,
  content: readonly object[],
  members: object,
  usage: ReplyUsage | undefined,
): object {
  return {
    candidates: [{ content: { parts: content, role: "model" }, ...members, index: 0 }],
    ...(usage && { usageMetadata: usageMetadata(usage) }),
    modelVersion: reply.model,
    responseId: reply.id,
  };
}

function finishReason(reply: Reply): string {
  return reply.script.finishReason ?? (reply.truncated ? "MAX_TOKENS" : "STOP");
}

/** Thinking is counted beside the candidates, and cached input within the prompt. */
function usageMetadata(usage: ReplyUsage): object {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens = 0 } = usage;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - reasoningTokens,
    totalTokenCount: inputTokens + outputTokens,
    ...(cacheReadTokens > 0 && { cachedContentTokenCount: cacheReadTokens }),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: inputTokens }],
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
  };
}

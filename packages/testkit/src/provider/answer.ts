import { anthropicMessages } from "./anthropic-messages.ts";
import { SSE_FRAMING, type ApiCodec } from "./api-codec.ts";
import { readAsked } from "./asked.ts";
import { bedrockConverse } from "./bedrock-converse.ts";
import { bedrockInvokeModel } from "./bedrock-invoke-model.ts";
import { cohereChat } from "./cohere-chat.ts";
import { googleGenerateContent } from "./google-generate-content.ts";
import { googleInteractions } from "./google-interactions.ts";
import { groqChat } from "./groq-chat.ts";
import { mistralChat } from "./mistral-chat.ts";
import { ollamaChat } from "./ollama-chat.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";
import { openaiTranscriptions } from "./openai-transcriptions.ts";
import type { ProviderError } from "./provider-error.ts";
import type { FakeApi, RecordedRequest } from "./recorded-request.ts";
import { freshId, planReply } from "./reply.ts";
import type { ReplyScript } from "./script.ts";
import { answerStored } from "./stored-things.ts";
import { togetherChat } from "./together-chat.ts";
import { sendBody, sendEvents, type Outlet } from "./transmit.ts";

const CODECS: readonly ApiCodec[] = [
  openaiChat,
  openaiResponses,
  openaiEmbeddings,
  openaiTranscriptions,
  anthropicMessages,
  googleGenerateContent,
  googleInteractions,
  mistralChat,
  cohereChat,
  groqChat,
  togetherChat,
  ollamaChat,
  bedrockConverse,
  bedrockInvokeModel,
];

/** Which script a request gets. */
type Choose = (request: RecordedRequest) => Promise<ReplyScript>;

/** The API that a URL belongs to. */
export function findApi(method: string, path: string): FakeApi | undefined {
  if (method !== "POST") return undefined;
  const [plainPath = ""] = path.split("?", 1);
  return CODECS.find((codec) => codec.matches(plainPath))?.api;
}

/** Answers one request in its API's wire format. Rejects only when the connection is lost. */
export function createAnswerer(
  apiKey: string | undefined,
  choose: Choose,
): (request: RecordedRequest, outlet: Outlet) => Promise<void> {
  return async (request, outlet) => {
    const requestId = freshId("req_01");
    const codec = CODECS.find(({ api }) => api === request.api);
    const stored = answerStored(request);
    if (stored) {
      setHead(outlet, 200, openaiChat.headers(requestId), "application/json", {});
      await sendBody(outlet, Buffer.from(JSON.stringify(stored)), {});
      return;
    }
    if (!codec) {
      await sendError(outlet, openaiChat, unknownUrl(request), requestId);
      return;
    }
    const refusal =
      checkKey(codec, request, apiKey) ?? checkJson(codec, request) ?? codec.check(request);
    if (refusal) {
      await sendError(outlet, codec, refusal, requestId);
      return;
    }
    let script: ReplyScript;
    let send: () => Promise<void>;
    try {
      script = await choose(request);
      send = prepare(codec, script, request, outlet, requestId);
    } catch (error) {
      await sendError(outlet, codec, wrongScript(codec, error), requestId);
      return;
    }
    if (script.delayMs) await outlet.clock.sleep(script.delayMs, outlet.gone);
    await send();
  };
}

/** Everything that may throw for the script's sake happens here; what is returned only sends. */
function prepare(
  codec: ApiCodec,
  script: ReplyScript,
  request: RecordedRequest,
  outlet: Outlet,
  requestId: string,
): () => Promise<void> {
  const asked = (codec.readAsked ?? readAsked)(request);
  const { streaming } = asked;
  const framing = codec.framing ?? SSE_FRAMING;
  const status = script.status ?? 200;
  const head = (contentType: string, more: Headers = {}): void => {
    setHead(outlet, status, { ...codec.headers(requestId), ...more }, contentType, script);
  };
  if (script.split !== undefined && script.split !== "odd" && !(script.split >= 1)) {
    throw new RangeError(`split: ${script.split} is not a number of bytes from 1 up, nor "odd"`);
  }
  if (script.rawBody !== undefined) {
    const body = Buffer.from(script.rawBody);
    return () => {
      head(script.rawContentType ?? (streaming ? framing.contentType : "application/json"));
      const { split } = script;
      return sendBody(outlet, body, split === undefined ? {} : { split });
    };
  }
  if (status >= 400) {
    return () => sendError(outlet, codec, codec.error(script, status), requestId, script);
  }
  const reply = planReply(script, request, asked, outlet.clock.now());
  if (!streaming) {
    const body = Buffer.from(codec.json(reply));
    return () => {
      head("application/json", codec.replyHeaders?.(reply));
      return sendBody(outlet, body, script);
    };
  }
  const events = codec.events(reply);
  const error = codec.error(script, 500);
  return () => {
    head(framing.contentType);
    outlet.sendHead();
    return sendEvents(outlet, events, framing, script, (sent) =>
      codec.streamError(error, reply, sent, requestId),
    );
  };
}

type Headers = Readonly<Record<string, string>>;

function setHead(
  { response }: Outlet,
  status: number,
  own: Headers,
  contentType: string,
  script: ReplyScript,
): void {
  response.statusCode = status;
  const headers = {
    "content-type": contentType,
    ...own,
    ...(script.retryAfterSeconds !== undefined && {
      "retry-after": String(script.retryAfterSeconds),
    }),
    ...script.headers,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

async function sendError(
  outlet: Outlet,
  codec: ApiCodec,
  error: ProviderError,
  requestId: string,
  script: ReplyScript = {},
): Promise<void> {
  const own = { ...codec.headers(requestId), ...codec.errorHeaders?.(error) };
  setHead(outlet, error.status, own, "application/json; charset=utf-8", script);
  await sendBody(outlet, Buffer.from(codec.errorBody(error, requestId)), script);
}

function checkKey(
  codec: ApiCodec,
  { headers }: RecordedRequest,
  apiKey: string | undefined,
): ProviderError | undefined {
  const sent =
    headers["x-api-key"] ??
    headers["x-goog-api-key"] ??
    headers["authorization"]?.replace(/^Bearer /i, "");
  return apiKey === undefined || sent === apiKey ? undefined : codec.error({}, 401);
}

function checkJson(codec: ApiCodec, { bodyText }: RecordedRequest): ProviderError | undefined {
  if (codec.takesForms === true) return undefined;
  try {
    JSON.parse(bodyText);
    return undefined;
  } catch {
    return codec.error({ errorMessage: "We could not parse the JSON body of your request." }, 400);
  }
}

function unknownUrl({ method, path }: RecordedRequest): ProviderError {
  const message = `Invalid URL (${method} ${path})`;
  return { status: 404, type: "invalid_request_error", code: null, param: null, message };
}

function wrongScript(codec: ApiCodec, error: unknown): ProviderError {
  const reason = error instanceof Error ? error.message : String(error);
  return codec.error({ errorMessage: `The fake provider's script is wrong: ${reason}` }, 400);
}

import { anthropicMessages } from "./anthropic-messages.ts";
import type { ApiCodec } from "./api-codec.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import type { ProviderError } from "./provider-error.ts";
import type { FakeApi, RecordedRequest } from "./recorded-request.ts";
import { freshId, planReply } from "./reply.ts";
import type { ReplyScript } from "./script.ts";
import { sendBody, sendEvents, type Outlet } from "./transmit.ts";

const CODECS: readonly ApiCodec[] = [openaiChat, openaiResponses, anthropicMessages];
const EVENT_STREAM = "text/event-stream; charset=utf-8";

/** Which script a request gets. */
type Choose = (request: RecordedRequest) => Promise<ReplyScript>;

/** The API that a URL belongs to. */
export function findApi(method: string, path: string): FakeApi | undefined {
  if (method !== "POST") return undefined;
  return CODECS.find((codec) => codec.path === path.split("?", 1)[0])?.api;
}

/** Answers one request in its API's wire format. Rejects only when the connection is lost. */
export function createAnswerer(
  apiKey: string | undefined,
  choose: Choose,
): (request: RecordedRequest, outlet: Outlet) => Promise<void> {
  return async (request, outlet) => {
    const requestId = freshId("req_01");
    const codec = CODECS.find(({ api }) => api === request.api);
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
  const streaming = request.body["stream"] === true;
  const status = script.status ?? 200;
  const head = (contentType: string): void => {
    setHead(outlet, codec, requestId, status, contentType, script);
  };
  if (script.split !== undefined && script.split !== "odd" && !(script.split >= 1)) {
    throw new RangeError(`split: ${script.split} is not a number of bytes from 1 up, nor "odd"`);
  }
  if (script.rawBody !== undefined) {
    const body = Buffer.from(script.rawBody);
    return () => {
      head(script.rawContentType ?? (streaming ? EVENT_STREAM : "application/json"));
      const { split } = script;
      return sendBody(outlet, body, split === undefined ? {} : { split });
    };
  }
  if (status >= 400) {
    return () => sendError(outlet, codec, codec.error(script, status), requestId, script);
  }
  const reply = planReply(script, request, outlet.clock.now());
  if (!streaming) {
    const body = Buffer.from(codec.json(reply));
    return () => {
      head("application/json");
      return sendBody(outlet, body, script);
    };
  }
  const events = codec.events(reply);
  const error = codec.error(script, 500);
  return () => {
    head(EVENT_STREAM);
    outlet.response.flushHeaders();
    return sendEvents(outlet, events, script, (sent) =>
      codec.streamError(error, reply, sent, requestId),
    );
  };
}

function setHead(
  { response }: Outlet,
  codec: ApiCodec,
  requestId: string,
  status: number,
  contentType: string,
  script: ReplyScript,
): void {
  response.statusCode = status;
  const headers = {
    "content-type": contentType,
    ...codec.headers(requestId),
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
  setHead(outlet, codec, requestId, error.status, "application/json; charset=utf-8", script);
  await sendBody(outlet, Buffer.from(codec.errorBody(error, requestId)), script);
}

function checkKey(
  codec: ApiCodec,
  { headers }: RecordedRequest,
  apiKey: string | undefined,
): ProviderError | undefined {
  const sent = headers["x-api-key"] ?? headers["authorization"]?.replace(/^Bearer /i, "");
  return apiKey === undefined || sent === apiKey ? undefined : codec.error({}, 401);
}

function checkJson(codec: ApiCodec, { bodyText }: RecordedRequest): ProviderError | undefined {
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

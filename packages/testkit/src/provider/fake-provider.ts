import { text as readText } from "node:stream/consumers";
import { systemClock, type Clock } from "@tollgate/core";
import { createAnswerer, findApi } from "./answer.ts";
import { startServer, type Exchange } from "./exchange.ts";
import { asObject, type RecordedRequest } from "./recorded-request.ts";
import type { ReplyScript } from "./script.ts";

export interface FakeProviderOptions {
  /** What to do when neither the queue nor `respond` says. @defaultValue a short answer */
  readonly script?: ReplyScript;
  /** Asked for each request that the queue has nothing for; `undefined` means `script`. */
  readonly respond?: (
    request: RecordedRequest,
  ) => ReplyScript | undefined | Promise<ReplyScript | undefined>;
  /** When given, other keys are answered with 401. @defaultValue every key, or none, will do */
  readonly apiKey?: string;
  /** For the delays of scripts and for time stamps. @defaultValue the system's */
  readonly clock?: Clock;
}

/** An LLM provider on loopback. */
export interface FakeProvider {
  /** Such as `http://127.0.0.1:40001`; what `ANTHROPIC_BASE_URL` takes. */
  readonly url: string;
  /** What `OPENAI_BASE_URL` takes: {@link FakeProvider.url} and `/v1`. */
  readonly openaiBaseUrl: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Scripts for the next requests, first come, first served, before anything else. */
  enqueue(...scripts: readonly ReplyScript[]): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** A record while its answer is under way. */
type OpenRecord = {
  -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key];
};

/**
 * Starts a server on a free loopback port that speaks as the real ones do (JSON, streams, headers,
 * errors, usage): OpenAI chat completions, responses and embeddings, Anthropic messages, Gemini's
 * `generateContent` and interactions, Cohere chat, Groq's and Ollama's, Bedrock's Converse and, with Anthropic's
 * models, InvokeModel. Mistral is under `/mistral` and Together under `/together`, since their paths are
 * OpenAI's. HTTP/2 is spoken with clients that begin with it.
 *
 * A wrong script is answered with 400, which no client retries, and the reason in its message.
 */
export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const clock = options.clock ?? systemClock;
  const queue: ReplyScript[] = [];
  const requests: RecordedRequest[] = [];
  const answer = createAnswerer(options.apiKey, async (request) => {
    return queue.shift() ?? (await options.respond?.(request)) ?? options.script ?? {};
  });
  let closing = false;

  async function handle({ request, response, ...exchange }: Exchange): Promise<void> {
    const gone = new AbortController();
    let dropped = false;
    const ended = Promise.withResolvers<void>();
    const record = createRecord(request, clock.now(), ended.promise);
    response.on("error", () => undefined);
    exchange.onClose((whole) => {
      record.closedByClient = !whole && !dropped && !closing;
      gone.abort(new Error("the connection is gone"));
      ended.resolve();
    });
    const drop = (): void => {
      dropped = true;
      exchange.drop();
    };
    try {
      addBody(record, await readText(request));
      requests.push(record);
      await answer(record, {
        response,
        sendHead: () => exchange.sendHead(),
        clock,
        gone: gone.signal,
        drop,
        onWrite(sizeBytes) {
          record.bytesWritten += sizeBytes;
          record.writes++;
        },
      });
    } catch {
      // Only a lost connection gets here, and `closedByClient` says so.
      exchange.drop();
    }
  }

  const server = await startServer((exchange) => void handle(exchange));
  return {
    url: server.url,
    openaiBaseUrl: `${server.url}/v1`,
    requests,
    enqueue: (...scripts) => void queue.push(...scripts),
    async close() {
      closing = true;
      await server.close();
    },
  };
}

function createRecord(
  incoming: Exchange["request"],
  startedAtMs: number,
  ended: Promise<void>,
): OpenRecord {
  const headers = Object.entries(incoming.headers)
    // HTTP/2 has method and path among them.
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]);
  const { method = "", url: path = "" } = incoming;
  return {
    api: findApi(method, path),
    method,
    path,
    headers: Object.fromEntries(headers),
    body: {},
    bodyText: "",
    startedAtMs,
    bytesWritten: 0,
    writes: 0,
    closedByClient: false,
    ended,
  };
}

function addBody(record: OpenRecord, bodyText: string): void {
  record.bodyText = bodyText;
  try {
    record.body = asObject(JSON.parse(bodyText));
  } catch {
    // What is no JSON stays an empty object, and is answered as the real API answers it.
  }
}

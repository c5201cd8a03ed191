import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { systemClock, type Clock } from "@tollgate/core";
import { createAnswerer, findApi } from "./answer.ts";
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
 * `generateContent` and interactions, Cohere chat, Groq's and Ollama's. Mistral is under `/mistral` and
 * Together under `/together`, since their paths are OpenAI's.
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

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    let dropped = false;
    const ended = Promise.withResolvers<void>();
    const record = createRecord(incoming, clock.now(), ended.promise);
    response.on("error", () => undefined);
    response.once("close", () => {
      record.closedByClient = !response.writableFinished && !dropped && !closing;
      gone.abort(new Error("the connection is gone"));
      ended.resolve();
    });
    try {
      addBody(record, await readText(incoming));
      requests.push(record);
      await answer(record, {
        response,
        clock,
        gone: gone.signal,
        drop() {
          dropped = true;
          response.destroy();
        },
        onWrite(sizeBytes) {
          record.bytesWritten += sizeBytes;
          record.writes++;
        },
      });
    } catch {
      // Only a lost connection gets here, and `closedByClient` says so.
      response.destroy();
    }
  }

  const server = createServer((incoming, response) => void handle(incoming, response));
  const url = await listen(server);
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    requests,
    enqueue: (...scripts) => void queue.push(...scripts),
    async close() {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createRecord(
  incoming: IncomingMessage,
  startedAtMs: number,
  ended: Promise<void>,
): OpenRecord {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
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

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no address to listen on");
  return `http://127.0.0.1:${address.port}`;
}

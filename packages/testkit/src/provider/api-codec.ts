import type { Asked } from "./asked.ts";
import type { ProviderError } from "./provider-error.ts";
import type { FakeApi, RecordedRequest } from "./recorded-request.ts";
import type { Reply } from "./reply.ts";
import type { ReplyScript } from "./script.ts";

/** One event of a stream. */
export interface SseEvent {
  /** The `event:` line; OpenAI chat has none. */
  readonly event?: string;
  /** The `data:` line, JSON but for `[DONE]`; the whole line where there is no other framing. */
  readonly data: string;
  /** Whether it carries generated text or arguments: what scripts count as a chunk. */
  readonly chunk: boolean;
}

/** How the events of a stream become bytes. */
export interface Framing {
  readonly contentType: string;
  format(event: SseEvent): string | Uint8Array<ArrayBuffer>;
}

/** How one provider API looks on the wire. */
export interface ApiCodec {
  readonly api: FakeApi;
  /** Whether a URL path, without its query, is this API's. */
  matches(path: string): boolean;
  /** Whether requests are forms. @defaultValue they are JSON */
  readonly takesForms?: boolean;
  /** What a request asks for, where the API says it in its own way. @defaultValue {@link readAsked} */
  readAsked?(request: RecordedRequest): Asked;
  /** How streams are framed. @defaultValue server-sent events with line feeds */
  readonly framing?: Framing;
  /** Headers that every answer has, errors too. */
  headers(requestId: string): Readonly<Record<string, string>>;
  /** Headers of an answer that is not streamed, by what it says. @defaultValue none */
  replyHeaders?(reply: Reply): Readonly<Record<string, string>>;
  /** Headers of an error, by what it is. @defaultValue none */
  errorHeaders?(error: ProviderError): Readonly<Record<string, string>>;
  /** What the real API refuses before a model sees it; `undefined` when the request is fine. */
  check(request: RecordedRequest): ProviderError | undefined;
  /** The body of an answer that is not streamed. */
  json(reply: Reply): string;
  /** The events of a stream, terminal ones included. */
  events(reply: Reply): SseEvent[];
  error(script: ReplyScript, status: number): ProviderError;
  errorBody(error: ProviderError, requestId: string): string;
  /** The events of a stream that fails after `sent` events. */
  streamError(error: ProviderError, reply: Reply, sent: number, requestId: string): SseEvent[];
}

/** Server-sent events as most providers write them, with line feeds only. */
export const SSE_FRAMING: Framing = {
  contentType: "text/event-stream; charset=utf-8",
  format: ({ event, data }) => `${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`,
};

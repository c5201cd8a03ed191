import type { ProviderError } from "./provider-error.ts";
import type { FakeApi, RecordedRequest } from "./recorded-request.ts";
import type { Reply } from "./reply.ts";
import type { ReplyScript } from "./script.ts";

/** One server-sent event. */
export interface SseEvent {
  /** The `event:` line; OpenAI chat has none. */
  readonly event?: string;
  /** The `data:` line, JSON but for `[DONE]`. */
  readonly data: string;
  /** Whether it carries generated text or arguments: what scripts count as a chunk. */
  readonly chunk: boolean;
}

/** How one provider API looks on the wire. */
export interface ApiCodec {
  readonly api: FakeApi;
  readonly path: string;
  /** Headers that every answer has, errors too. */
  headers(requestId: string): Readonly<Record<string, string>>;
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

/** Writes an event as the providers do, with line feeds only. */
export function formatEvent({ event, data }: SseEvent): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`;
}

import type { Clock, ResponseFacts } from "@tollgate/core";
import type { AnswerSource, WireApi } from "@tollgate/wire";

/** How the reading of an answer ended. */
export type AnswerEnding =
  | { readonly how: "done" }
  /** The app left it: cancelled the stream, broke out of a loop. */
  | { readonly how: "cancelled" }
  /** It broke: the network, an abort, a body that is not what it says. */
  | { readonly how: "failed"; readonly error: unknown }
  /** Nobody has touched it for so long that nobody will. */
  | { readonly how: "abandoned" };

/** What was seen of an answer, told once. */
export interface SeenAnswer {
  readonly facts: ResponseFacts;
  readonly ending: AnswerEnding;
  /** On the clock's monotonic scale; `undefined` when no byte was seen. */
  readonly firstChunkAtMs: number | undefined;
  readonly chunks: number;
}

/** Where the taps pour what the app reads. Each byte may come several times; it counts once. */
export interface AnswerSink {
  /** Bytes of the body, `offset` counted from its start. */
  bytes(offset: number, chunk: Uint8Array): void;
  /** The whole answer, as the app's own `json()` parsed it. */
  json(value: unknown): void;
  /** The whole answer as text. */
  text(text: string): void;
  done(): void;
  fail(error: unknown): void;
  /** One reader leaves; the answer ends when it was the last. */
  cancel(): void;
  /** One more reader of the same bytes: a clone, a branch of a tee. */
  branch(): void;
  abandon(): void;
  /** When the app last read something, on the clock's monotonic scale. */
  lastReadAtMs(): number;
}

export interface AnswerSinkOptions {
  readonly api: WireApi;
  readonly source: AnswerSource;
  /** Whether the body is a stream; else one JSON document. */
  readonly streamed: boolean;
  readonly clock: Clock;
  readonly onEnd: (answer: SeenAnswer) => void;
}

export function createAnswerSink(options: AnswerSinkOptions): AnswerSink {
  const { api, clock, source } = options;
  const body = options.streamed ? createStreamBody(api, source) : createJsonBody(api, source);
  let seenBytes = 0;
  let chunks = 0;
  let readers = 1;
  let ended = false;
  let firstChunkAtMs: number | undefined;
  let lastReadAtMs = clock.monotonic();

  const end = (ending: AnswerEnding, read: () => ResponseFacts = body.end): void => {
    if (ended) return;
    ended = true;
    options.onEnd({ facts: read(), ending, firstChunkAtMs, chunks });
  };

  return {
    bytes(offset, chunk) {
      const fresh = offset + chunk.byteLength - seenBytes;
      if (ended || fresh <= 0 || offset > seenBytes) return;
      lastReadAtMs = clock.monotonic();
      firstChunkAtMs ??= lastReadAtMs;
      chunks += 1;
      seenBytes += fresh;
      body.write(fresh === chunk.byteLength ? chunk : chunk.subarray(chunk.byteLength - fresh));
    },
    json(value) {
      firstChunkAtMs ??= clock.monotonic();
      end({ how: "done" }, () => api.readJson(value, source));
    },
    text(text) {
      if (ended) return;
      firstChunkAtMs ??= clock.monotonic();
      end({ how: "done" }, () => body.readText(text));
    },
    done: () => end({ how: "done" }),
    fail: (error) => end({ how: "failed", error }),
    cancel() {
      readers -= 1;
      if (readers <= 0) end({ how: "cancelled" });
    },
    branch() {
      readers += 1;
    },
    abandon: () => end({ how: "abandoned" }),
    lastReadAtMs: () => lastReadAtMs,
  };
}

/** A body on its way to facts. */
interface Body {
  write(chunk: Uint8Array): void;
  end(): ResponseFacts;
  readText(text: string): ResponseFacts;
}

function createStreamBody(api: WireApi, source: AnswerSource): Body {
  const reader = api.createStreamReader(source);
  return {
    write: reader.write,
    end: reader.end,
    readText(text) {
      reader.write(new TextEncoder().encode(text));
      return reader.end();
    },
  };
}

function createJsonBody(api: WireApi, source: AnswerSource): Body {
  const decoder = new TextDecoder();
  let text = "";
  const readText = (whole: string): ResponseFacts => api.readJson(parseJson(whole), source);
  return {
    write(chunk) {
      text += decoder.decode(chunk, { stream: true });
    },
    end: () => readText(text + decoder.decode()),
    readText,
  };
}

/** `undefined`, which no JSON text means, when it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

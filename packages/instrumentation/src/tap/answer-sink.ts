import type { Clock, ResponseFacts } from "@tollgate/core";
import type { AnswerSource, StreamReader, WireApi } from "@tollgate/wire";
import { guarded } from "./guarded.ts";

/** How the reading of an answer ended. */
export type AnswerEnding =
  | { readonly how: "done" }
  /** The app left it: cancelled the stream, broke out of a loop. */
  | { readonly how: "cancelled" }
  /** It broke: the network, an abort, a body that is not what it says. */
  | { readonly how: "failed"; readonly error: unknown }
  /** Nobody has touched it for so long that nobody will. */
  | { readonly how: "abandoned" }
  /** A budget has stopped it. */
  | { readonly how: "stopped" };

/** What was seen of an answer, told once. */
export interface SeenAnswer {
  readonly facts: ResponseFacts;
  readonly ending: AnswerEnding;
  /** On the clock's monotonic scale; `undefined` when no byte was seen. */
  readonly firstChunkAtMs: number | undefined;
  readonly chunks: number;
}

export interface AnswerSinkOptions {
  readonly api: WireApi;
  readonly source: AnswerSource;
  /** Whether the body is a stream; else one JSON document. */
  readonly streamed: boolean;
  readonly clock: Clock;
  readonly onEnd: (answer: SeenAnswer) => void;
}

const DONE: AnswerEnding = { how: "done" };

/**
 * Where the taps pour what the app reads. Each byte may come several times; it counts once.
 *
 * A class, unlike its neighbours: one is made for each call and fed with each chunk, and a closure for
 * every method would cost more than the reading.
 */
export class AnswerSink {
  /** Chunks so far; stands still when nobody reads. */
  chunks = 0;
  seenBytes = 0;
  /** Hears of a stop, where the app's answer can be ended. */
  onStop: ((error: Error) => void) | undefined;
  private alarmAtBytes = Number.POSITIVE_INFINITY;
  private onAlarm: (() => void) | undefined;
  private readers = 1;
  private ended = false;
  private firstChunkAtMs: number | undefined;
  private reader: StreamReader | undefined;
  private json: JsonText | undefined;
  private readonly options: AnswerSinkOptions;

  constructor(options: AnswerSinkOptions) {
    this.options = options;
  }

  /** Bytes of the body, `offset` counted from its start. */
  bytes(offset: number, chunk: Uint8Array): void {
    const size = chunk.byteLength;
    const fresh = offset + size - this.seenBytes;
    if (this.ended || fresh <= 0 || offset > this.seenBytes) return;
    if (this.chunks === 0) this.firstChunkAtMs = this.options.clock.monotonic();
    this.chunks += 1;
    this.seenBytes += fresh;
    this.write(fresh === size ? chunk : chunk.subarray(size - fresh));
    if (this.seenBytes >= this.alarmAtBytes) this.ring();
  }

  /** Calls once when so many bytes were seen: all that watching a stream costs for each of its chunks. */
  setAlarm(atBytes: number, onAlarm: () => void): void {
    this.alarmAtBytes = atBytes;
    this.onAlarm = onAlarm;
  }

  /** What was seen by now; nothing once it has ended. */
  soFar(): ResponseFacts | undefined {
    const { reader } = this;
    if (this.ended || reader === undefined) return undefined;
    return reader.soFar?.() ?? reader.end();
  }

  /** Ends the answer, for the app too. */
  stop(error: Error): void {
    if (this.ended) return;
    this.end({ how: "stopped" });
    this.onStop?.(error);
  }

  /** The whole answer, as the app's own `json()` parsed it. */
  wholeJson(value: unknown): void {
    const { api, source } = this.options;
    this.end(DONE, () => api.readJson(value, source));
  }

  /** The whole answer as text. */
  wholeText(text: string): void {
    if (this.options.streamed) this.bytes(0, new TextEncoder().encode(text));
    else if (!this.ended) this.jsonText().add(text);
    this.end(DONE);
  }

  done(): void {
    this.end(DONE);
  }

  fail(error: unknown): void {
    this.end({ how: "failed", error });
  }

  /** One more reader of the same bytes: a clone, a branch of a tee. */
  branch(): void {
    this.readers += 1;
  }

  /** One reader leaves; the answer ends when it was the last. */
  cancel(): void {
    this.readers -= 1;
    if (this.readers <= 0) this.end({ how: "cancelled" });
  }

  abandon(): void {
    this.end({ how: "abandoned" });
  }

  private write(chunk: Uint8Array): void {
    const { api, source, streamed } = this.options;
    if (streamed) (this.reader ??= api.createStreamReader(source)).write(chunk);
    else this.jsonText().write(chunk);
  }

  private ring(): void {
    const { onAlarm } = this;
    this.alarmAtBytes = Number.POSITIVE_INFINITY;
    if (onAlarm !== undefined) guarded("watching a stream", onAlarm);
  }

  private jsonText(): JsonText {
    return (this.json ??= createJsonText());
  }

  private end(ending: AnswerEnding, read: () => ResponseFacts = () => this.read()): void {
    if (this.ended) return;
    this.ended = true;
    const { firstChunkAtMs, chunks } = this;
    guarded("the end of an answer", () =>
      this.options.onEnd({ facts: read(), ending, firstChunkAtMs, chunks }),
    );
  }

  private read(): ResponseFacts {
    const { api, source, streamed } = this.options;
    if (streamed) return (this.reader ?? api.createStreamReader(source)).end();
    return api.readJson(this.json?.parse(), source);
  }
}

/** A JSON document that comes in pieces. */
interface JsonText {
  add(text: string): void;
  write(chunk: Uint8Array): void;
  /** `undefined`, which no JSON text means, when it is not JSON. */
  parse(): unknown;
}

function createJsonText(): JsonText {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let text = "";
  return {
    add(more) {
      text += more;
    },
    write(chunk) {
      decoder ??= new TextDecoder();
      text += decoder.decode(chunk, { stream: true });
    },
    parse() {
      if (decoder) text += decoder.decode();
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    },
  };
}

import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

/** Sends batches of spans until they are acknowledged, as OpenTelemetry's exporters do. */
export interface Sender {
  /** Keys of the spans that somebody said "taken" to. */
  readonly acknowledged: ReadonlySet<string>;
  /** Keys of those that wrap another that was made with them: they tell of nothing of their own. */
  readonly outer: ReadonlySet<string>;
  /** What senders were answered, and how often; 0: no answer came. */
  readonly answers: ReadonlyMap<number, number>;
  /** Answers that refuse and do not say when to come again. */
  readonly refusedWithoutRetryAfter: number;
  /** Sends new batches until `stop` aborts; resolves when all of them are acknowledged. */
  run(stop: AbortSignal): Promise<void>;
}

export interface SenderOptions {
  /** Where the next request goes. */
  readonly urlOf: () => string;
  readonly lanes: number;
  readonly spansPerBatch: number;
  /** Of how many acknowledged batches one is sent once more, later and perhaps elsewhere. @defaultValue none */
  readonly resendEvery?: number | undefined;
  /** After each batch. @defaultValue 0 */
  readonly pauseMs?: number | undefined;
}

/** A sender waits at least so long before it tries again, like one that has a back-off. */
const BACK_OFF_MS = 30;
const GIVE_UP_MS = 15_000;

export function createSender(options: SenderOptions): Sender {
  const { urlOf, lanes, spansPerBatch, resendEvery, pauseMs = 0 } = options;
  const acknowledged = new Set<string>();
  const outer = new Set<string>();
  const answers = new Map<number, number>();
  let refusedWithoutRetryAfter = 0;
  let batches = 0;

  async function post(body: string): Promise<boolean> {
    let status = 0;
    try {
      const response = await fetch(`${urlOf()}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json", connection: "close" },
        body,
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      await response.bytes();
      ({ status } = response);
      if (status !== 200 && !response.headers.has("retry-after")) refusedWithoutRetryAfter++;
    } catch {
      // It was killed, or does not answer: sent again.
    }
    answers.set(status, (answers.get(status) ?? 0) + 1);
    return status === 200;
  }

  async function untilTaken(body: string): Promise<void> {
    while (!(await post(body))) await wait(BACK_OFF_MS);
  }

  async function lane(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const { inner, around, keys } = makeBatch(spansPerBatch);
      // What is around ends later, and often comes with another request.
      for (const body of [inner, around]) await untilTaken(body);
      for (const key of keys.inner) acknowledged.add(key);
      for (const key of keys.outer) {
        acknowledged.add(key);
        outer.add(key);
      }
      if (resendEvery !== undefined && ++batches % resendEvery === 0) {
        for (const body of [around, inner]) await untilTaken(body);
      }
      if (pauseMs > 0) await wait(pauseMs);
    }
  }

  return {
    acknowledged,
    outer,
    answers,
    get refusedWithoutRetryAfter() {
      return refusedWithoutRetryAfter;
    },
    async run(stop) {
      await Promise.all(Array.from({ length: lanes }, () => lane(stop)));
    },
  };
}

/** A trace for each pair: a framework's span and, inside, the one of the SDK that it wraps. Every second pair has no outer one. */
function makeBatch(size: number) {
  const spans = Array.from({ length: size }, (_, index) => {
    const traceId = randomBytes(16).toString("hex");
    const outerId = randomBytes(8).toString("hex");
    const innerId = randomBytes(8).toString("hex");
    return { traceId, outerId, innerId, isWrapped: index % 2 === 0 };
  });
  const wrapped = spans.filter(({ isWrapped }) => isWrapped);
  return {
    inner: request(spans.map(({ traceId, outerId, innerId }) => span(traceId, innerId, outerId))),
    around: request(wrapped.map(({ traceId, outerId }) => span(traceId, outerId))),
    keys: {
      inner: spans.map(({ traceId, innerId }) => `span:${traceId}:${innerId}`),
      outer: wrapped.map(({ traceId, outerId }) => `span:${traceId}:${outerId}`),
    },
  };
}

function span(traceId: string, spanId: string, parentSpanId?: string): object {
  const nowMs = Date.now();
  return {
    traceId,
    spanId,
    parentSpanId,
    name: "chat gpt-4o-mini",
    kind: 3,
    startTimeUnixNano: `${nowMs - 500}000000`,
    endTimeUnixNano: `${nowMs}000000`,
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", "gpt-4o-mini"),
      { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
      { key: "gen_ai.usage.output_tokens", value: { intValue: "100" } },
    ],
  };
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function request(spans: readonly object[]): string {
  const resource = { attributes: [text("service.name", "told-shop")] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans }] }] });
}

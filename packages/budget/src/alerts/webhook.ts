import { diag } from "@opentelemetry/api";
import { systemClock, type Clock } from "@tollgate/core";
import {
  importSecret,
  signWebhook,
  WEBHOOK_ID_HEADER,
  WEBHOOK_SIGNATURE_HEADER,
  WEBHOOK_TIMESTAMP_HEADER,
} from "./sign-webhook.ts";

export interface WebhookOptions {
  readonly url: string;
  /** Text, or `whsec_` and base64. Not signed without it. */
  readonly secret?: string | undefined;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** @defaultValue the system's, whose waits do not keep the process running */
  readonly clock?: Clock | undefined;
  /** From 0 up to 1; spreads the tries. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** How many may wait to be delivered; more are dropped, and `diag` is told. @defaultValue `1_000` */
  readonly queueSize?: number | undefined;
}

/** Delivers messages to one URL: each at least once, unless it is never answered or the process ends. */
export interface Webhook {
  /** Takes a message and returns at once. */
  send(message: unknown): void;
  /** How many are not delivered yet. */
  readonly waiting: number;
  /** How many were given up or dropped. */
  readonly lost: number;
  /** Tries what waits once more, for five seconds at most, and takes nothing after. */
  close(): Promise<void>;
}

interface Delivery {
  /** The same in every try, so that receivers know it again. */
  readonly id: string;
  readonly body: string;
  tries: number;
}

const MAX_TRIES = 12;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;
const ANSWER_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 5_000;
const AT_ONCE = 4;

/**
 * A 2xx answer is a delivery. Everything else is tried again, 12 times in all: exponential backoff with
 * full jitter from 1 s to 5 min, or what `Retry-After` says. `410 Gone` ends it.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  const { url, secret, fetch = globalThis.fetch, clock = backgroundClock } = options;
  const { random = Math.random, queueSize = 1_000 } = options;
  const key = secret === undefined ? undefined : importSecret(secret);
  key?.catch(() => undefined);
  const closing = new AbortController();
  const ready: Delivery[] = [];
  let waiting = 0;
  let lost = 0;
  let running = 0;
  let onIdle: (() => void) | undefined;

  function startNext(): void {
    while (running < AT_ONCE) {
      const delivery = ready.shift();
      if (delivery === undefined) return;
      running++;
      void deliver(delivery).finally(() => {
        running--;
        startNext();
      });
    }
  }

  async function deliver(delivery: Delivery): Promise<void> {
    delivery.tries++;
    const outcome = await post(delivery);
    const final = delivery.tries >= MAX_TRIES || closing.signal.aborted;
    if (outcome.state === "failed" && !final) {
      void tryLater(delivery, outcome.retryAfterMs);
      return;
    }
    waiting--;
    if (outcome.state !== "delivered") {
      lost++;
      diag.error(`tollgate: a webhook could not be delivered: ${outcome.why}`);
    }
    if (waiting === 0) onIdle?.();
  }

  async function tryLater(delivery: Delivery, retryAfterMs: number | undefined): Promise<void> {
    const longestMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (delivery.tries - 1));
    const delayMs = Math.max(1, random() * longestMs, retryAfterMs ?? 0);
    await clock.sleep(delayMs, closing.signal).catch(() => undefined);
    ready.push(delivery);
    startNext();
  }

  async function post({ id, body }: Delivery): Promise<Outcome> {
    try {
      const timestampS = Math.floor(clock.now() / 1_000);
      const headers: Record<string, string> = {
        "content-type": "application/json",
        [WEBHOOK_ID_HEADER]: id,
        [WEBHOOK_TIMESTAMP_HEADER]: `${timestampS}`,
      };
      if (key !== undefined) {
        headers[WEBHOOK_SIGNATURE_HEADER] = await signWebhook(await key, id, timestampS, body);
      }
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      // A redirect could carry the message to somebody else.
      const answer = await fetch(url, {
        method: "POST",
        headers,
        body,
        signal,
        redirect: "manual",
      });
      await answer.body?.cancel();
      return judge(answer);
    } catch (error) {
      return { state: "failed", why: describeError(error), retryAfterMs: undefined };
    }
  }

  return {
    send(message) {
      const body = JSON.stringify(message);
      if (body === undefined || closing.signal.aborted || waiting >= queueSize) {
        lost++;
        diag.error(`tollgate: a webhook message was dropped, ${waiting} are waiting`);
        return;
      }
      waiting++;
      ready.push({ id: `msg_${crypto.randomUUID()}`, body, tries: 0 });
      startNext();
    },
    get waiting() {
      return waiting;
    },
    get lost() {
      return lost;
    },
    async close() {
      closing.abort();
      if (waiting === 0) return;
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await Promise.race([idle, clock.sleep(CLOSE_WITHIN_MS)]);
    },
  };
}

type Outcome =
  | { readonly state: "delivered" }
  | { readonly state: "gone"; readonly why: string }
  | { readonly state: "failed"; readonly why: string; readonly retryAfterMs: number | undefined };

function judge({ status, headers }: Response): Outcome {
  if (status >= 200 && status <= 299) return { state: "delivered" };
  const why = `the receiver answered ${status}`;
  if (status === 410) return { state: "gone", why };
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfterMs = seconds > 0 ? Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) : undefined;
  return { state: "failed", why, retryAfterMs };
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Waits without keeping the process running. */
const backgroundClock: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, delayMs);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      // Timers are numbers in some runtimes.
      if (typeof timer === "object") timer.unref();
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted) onAbort();
    }),
};

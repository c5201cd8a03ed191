import { setTimeout as delay } from "node:timers/promises";
import { cannedChat, cannedShortStream } from "../canned/answers.ts";
import { CHAT_REQUEST, CHAT_URL } from "../canned/requests.ts";
import { liveBytes } from "./heap.ts";

type Fetch = typeof fetch;

/** Ways in which many calls come to an end. */
export interface Ending {
  readonly name: string;
  readonly calls: number;
  readonly answer: Fetch;
  run(fetch: Fetch): Promise<void>;
}

const CHAT: RequestInit = { method: "POST", body: JSON.stringify(CHAT_REQUEST) };
const STREAM: RequestInit = {
  method: "POST",
  body: JSON.stringify({
    ...CHAT_REQUEST,
    stream: true,
    stream_options: { include_usage: true },
  }),
};

async function bodyOf(fetch: Fetch, init: RequestInit): Promise<AsyncIterator<Uint8Array>> {
  const { body } = await fetch(CHAT_URL, init);
  if (body === null) throw new Error("a stream without a body");
  return body[Symbol.asyncIterator]();
}

export const ENDINGS: readonly Ending[] = [
  {
    name: "calls, read",
    calls: 1_000_000,
    answer: cannedChat,
    async run(fetch) {
      await (await fetch(CHAT_URL, CHAT)).json();
    },
  },
  {
    name: "streams, read to the end",
    calls: 20_000,
    answer: cannedShortStream,
    async run(fetch) {
      const chunks = await bodyOf(fetch, STREAM);
      while ((await chunks.next()).done !== true);
    },
  },
  {
    name: "streams, left by break",
    calls: 20_000,
    answer: cannedShortStream,
    async run(fetch) {
      const chunks = await bodyOf(fetch, STREAM);
      await chunks.next();
      // What leaving a loop calls.
      await chunks.return?.();
    },
  },
  {
    name: "streams, aborted",
    calls: 20_000,
    answer: cannedShortStream,
    async run(fetch) {
      const abort = new AbortController();
      const chunks = await bodyOf(fetch, { ...STREAM, signal: abort.signal });
      await chunks.next();
      abort.abort();
      await chunks.next().catch((error: unknown) => {
        if (error !== abort.signal.reason) throw error;
      });
    },
  },
  {
    name: "streams, never read, after the time limit",
    calls: 20_000,
    answer: cannedShortStream,
    async run(fetch) {
      await fetch(CHAT_URL, STREAM);
    },
  },
];

const WARM_UP_CALLS = 5_000;

/** When an answer that nobody reads counts as abandoned: not the usual 15 minutes, but soon. */
export const ABANDON_AFTER_MS = 1_000;

/** Bytes still alive after all calls have ended, beyond what was there after the first ones. */
export async function bytesRetained(fetch: Fetch, { calls, run }: Ending): Promise<number> {
  for (let call = 0; call < WARM_UP_CALLS; call++) await run(fetch);
  await delay(2 * ABANDON_AFTER_MS);
  const before = await liveBytes();
  for (let call = 0; call < calls; call++) await run(fetch);
  await delay(2 * ABANDON_AFTER_MS);
  return (await liveBytes()) - before;
}

import { cannedChat, cannedShortStream } from "../canned/answers.ts";
import { CHAT_REQUEST, CHAT_URL } from "../canned/requests.ts";
import { liveBytes } from "./heap.ts";

type Fetch = typeof fetch;

/** How far a call has come when memory is looked at. */
export type Stage = "waiting for the answer" | "answer not read yet" | "in the middle of a stream";

export const STAGES: readonly Stage[] = [
  "waiting for the answer",
  "answer not read yet",
  "in the middle of a stream",
];

/** Answers when told to. */
interface HeldFetch {
  readonly fetch: Fetch;
  release(): void;
}

function holdBack(answer: Fetch): HeldFetch {
  const open = Promise.withResolvers<void>();
  return {
    // It holds what it was called with until it answers, as the real one does.
    async fetch(url, init) {
      await open.promise;
      return answer(url, init);
    },
    release: open.resolve,
  };
}

/**
 * Bytes that each of many calls at the same time keeps alive, the app's own part included.
 *
 * @param wrap - what stands between the app and its fetch.
 */
export async function bytesPerCallInFlight(
  wrap: (fetch: Fetch) => Fetch,
  stage: Stage,
  calls: number,
): Promise<number> {
  const answer = stage === "in the middle of a stream" ? cannedShortStream : cannedChat;
  const held = holdBack(answer);
  const fetch = wrap(held.fetch);
  if (stage !== "waiting for the answer") held.release();
  const before = await liveBytes();
  const inFlight: Begun[] = [];
  for (let call = 0; call < calls; call++) inFlight.push(await begin(fetch, stage, call));
  const after = await liveBytes();
  held.release();
  await Promise.all(inFlight.map(finish));
  return (after - before) / calls;
}

interface Begun {
  readonly response: Promise<Response>;
  readonly reader?: ReadableStreamDefaultReader<Uint8Array>;
}

async function begin(fetch: Fetch, stage: Stage, call: number): Promise<Begun> {
  const response = fetch(CHAT_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    // A text of its own: whoever keeps it is seen.
    body: JSON.stringify({
      ...CHAT_REQUEST,
      stream: stage === "in the middle of a stream",
      messages: [{ role: "user", content: `${call}: ${"Say something about a fox. ".repeat(40)}` }],
    }),
  });
  if (stage === "waiting for the answer") return { response };
  const { body } = await response;
  if (stage === "answer not read yet" || body === null) return { response };
  const reader = body.getReader();
  for (let chunk = 0; chunk < 10; chunk++) await reader.read();
  return { response, reader };
}

async function finish({ response, reader }: Begun): Promise<void> {
  if (reader === undefined) await (await response).text();
  else await reader.cancel();
}

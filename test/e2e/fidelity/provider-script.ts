import type { RecordedRequest, ReplyScript } from "@tollgate/testkit";

/** What the fake provider says of every answer. */
export const FIDELITY_USAGE = { inputTokens: 120, outputTokens: 45, cacheReadTokens: 20 };

const CHUNKS = [
  "Grüße ",
  "aus ",
  "der ",
  "Küche",
  " 🍲",
  ": ",
  "heute ",
  "gibt ",
  "es ",
  "Suppe",
  ".",
];

const USUAL: ReplyScript = {
  chunks: CHUNKS,
  usage: FIDELITY_USAGE,
  chunkDelayMs: 2,
  split: "odd",
};

const RETRY_SOON = { "retry-after-ms": "5" };

/** Scenarios that are not about a usual answer, by a part of their names. */
const SCRIPTS: readonly (readonly [RegExp, ReplyScript])[] = [
  [/tools/, { ...USUAL, toolCalls: [{ name: "weather", arguments: { city: "Zürich" } }] }],
  [/parse/, { ...USUAL, chunks: ['{"city":', '"Zürich"}'] }],
  // Never ends by itself: the server knows that the client has gone, or waits for ever.
  [/(break|abort|cancel|stream signal)/, { ...USUAL, hangAfterChunks: 8 }],
  [/signal$|timeout/, { ...USUAL, delayMs: 1_500 }],
  [/ 400$/, { status: 400, errorMessage: "bad request" }],
  [/ 429$/, { status: 429, headers: RETRY_SOON }],
  [/ 500$/, { status: 500, headers: RETRY_SOON }],
  [/html/, { rawBody: "<html><body>Bad gateway</body></html>", rawContentType: "text/html" }],
  [/truncated json/, { ...USUAL, malformed: "truncated" }],
  [/closed/, { ...USUAL, closeAfterChunks: 4 }],
  [/broken event/, { ...USUAL, malformed: "broken-event" }],
  [/error event/, { ...USUAL, failAfterChunks: 4 }],
];

/** Decides by the scenario that the app names in a header of its own. */
export function fidelityScript(): (request: RecordedRequest) => ReplyScript {
  const attempts = new Map<string, number>();
  return (request) => {
    const scenario = request.headers["x-scenario"] ?? "";
    const attempt = (attempts.get(scenario) ?? 0) + 1;
    attempts.set(scenario, attempt);
    if (/retried/.test(scenario) && attempt <= 2) {
      return { status: attempt === 1 ? 429 : 500, headers: RETRY_SOON };
    }
    return SCRIPTS.find(([pattern]) => pattern.test(scenario))?.[1] ?? USUAL;
  };
}

import { hasToolResult, type RecordedRequest, type ReplyScript } from "@tollgate/testkit";
import { SILENCE } from "./silence.ts";

/** What the fake provider says of every answer, unless the scenario is about something else. */
export const USUAL_USAGE = { inputTokens: 120, outputTokens: 45, cacheReadTokens: 20 };

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
  usage: USUAL_USAGE,
  chunkDelayMs: 2,
  split: "odd",
};

/** Never ends by itself: the server learns that the client has gone, or waits for ever. */
const HELD: ReplyScript = {
  ...USUAL,
  chunks: [...CHUNKS.slice(0, 6), SILENCE, "never sent"],
  hangAfterChunks: 7,
};

const RETRY_SOON = { "retry-after-ms": "5" };
const NEVER_MS = 600_000;
const LARGE_PIECE = "Suppe, heiß und gut. ".repeat(400);

/** What becomes of a call, as far as the meter can know. */
export type ExpectedOutcome = "ok" | "estimated" | "error" | "cancelled" | "refused" | "either";

interface Plan {
  readonly script: ReplyScript;
  readonly outcome: ExpectedOutcome;
}

const plan = (outcome: ExpectedOutcome, script: ReplyScript): Plan => ({ outcome, script });

const USUAL_PLAN = plan("ok", USUAL);

/** Scenarios that are not about a usual answer, by a part of their names; the first that fits. */
const PLANS: readonly (readonly [RegExp, Plan])[] = [
  [/^budget refuses/, plan("refused", USUAL)],
  [/tools/, plan("ok", { ...USUAL, toolCalls: [{ name: "weather", arguments: {} }] })],
  [/parse/, plan("ok", { ...USUAL, chunks: ['{"city":', '"Zürich"}'] })],
  [/signal before its head/, plan("cancelled", { ...USUAL, delayMs: NEVER_MS })],
  [/(break|abort|cancel|stream signal|ended by hand)/, plan("cancelled", HELD)],
  [/signal$|timeout/, plan("cancelled", { ...USUAL, delayMs: NEVER_MS })],
  // Some clients read ahead of the app.
  [/unread/, plan("either", USUAL)],
  [/ 4\d\d$/, plan("error", { headers: RETRY_SOON })],
  [/ 5\d\d$/, plan("error", { headers: RETRY_SOON })],
  [/ html$/, plan("error", { rawBody: "<html>Bad gateway</html>", rawContentType: "text/html" })],
  // An app may leave it unread.
  [/ empty$/, plan("either", { rawBody: "", rawContentType: "application/json" })],
  [/truncated json/, plan("error", { ...USUAL, malformed: "truncated" })],
  [/closed/, plan("error", { ...USUAL, closeAfterChunks: 4 })],
  [/broken event/, plan("either", { ...USUAL, malformed: "broken-event" })],
  [/error event/, plan("error", { ...USUAL, failAfterChunks: 4 })],
  [/without its end/, plan("error", { ...USUAL, malformed: "no-terminal-event" })],
  [
    / reasoning$/,
    plan("ok", {
      ...USUAL,
      reasoning: "Soup or salad?",
      usage: { ...USUAL_USAGE, reasoningTokens: 12 },
    }),
  ],
  [/ uncounted$/, plan("estimated", { ...USUAL, usageAbsent: true })],
  [/ limited$/, plan("ok", { ...USUAL, usage: { inputTokens: 120, cacheReadTokens: 20 } })],
  [/in one piece/, plan("ok", { chunks: CHUNKS, usage: USUAL_USAGE })],
  [
    / large$/,
    plan("ok", {
      chunks: Array.from({ length: 40 }, () => LARGE_PIECE),
      usage: USUAL_USAGE,
      split: 4_099,
    }),
  ],
];

function findPlan(scenario: string): Plan {
  return PLANS.find(([pattern]) => pattern.test(scenario))?.[1] ?? USUAL_PLAN;
}

export function expectedOutcome(scenario: string): ExpectedOutcome {
  return findPlan(scenario).outcome;
}

/** Decides by the scenario that the app names in a header of its own. */
export function createProviderScript(): (request: RecordedRequest) => ReplyScript {
  const attempts = new Map<string, number>();
  return (request) => {
    const scenario = scenarioOf(request);
    const attempt = (attempts.get(scenario) ?? 0) + 1;
    attempts.set(scenario, attempt);
    if (/retried/.test(scenario) && attempt <= 2) {
      return { status: attempt === 1 ? 429 : 500, headers: RETRY_SOON };
    }
    if (hasToolResult(request)) return USUAL;
    const { script } = findPlan(scenario);
    const [, status] = / ([45]\d\d)$/.exec(scenario) ?? [];
    return status === undefined ? script : { ...script, status: Number(status) };
  };
}

export function scenarioOf(request: RecordedRequest): string {
  return request.headers["x-scenario"] ?? "";
}

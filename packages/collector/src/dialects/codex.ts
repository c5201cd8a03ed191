import type { Origin } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { keyOfLog, MADE_ERROR, MADE_KEY } from "./reading/made.ts";
import { nameError } from "./reading/outcome.ts";
import { ATTR_EVENT_NAME, eventOf, serviceOf } from "./reading/sent-by.ts";
import { sightLog, withAttributes, type Reading } from "./reading/sight.ts";

const PREFIX = "codex.";
const KIND = "event.kind";
const ERROR = "error.message";
const INPUT = "input_token_count";
const TIMESTAMP = "event.timestamp";
const CONVERSATION = "conversation.id";

/** There is no id of a response. */
const TOLD_APART = [TIMESTAMP, INPUT, "output_token_count"];

const NAMES: FactNames = {
  requestModel: ["model", "slug"],
  inputTokens: [INPUT],
  outputTokens: ["output_token_count"],
  cacheReadTokens: ["cached_token_count"],
  reasoningTokens: ["reasoning_token_count"],
  durationMs: ["duration_ms"],
  sender: [CONVERSATION],
  session: [CONVERSATION],
  user: ["user.email", "user.account_id"],
};

const READING: Reading = {
  names: { ...NAMES, key: [MADE_KEY], errorType: [MADE_ERROR] },
  provider: "openai",
};

/** OpenAI's coding agent. */
export const codex: Dialect = {
  id: "codex",
  about: {
    title: "Codex CLI",
    senders:
      "@openai/codex 0.171.0 (run 2026-11-29 by `pnpm interop`); openai/codex at 0136a731 (codex-rs/otel/src/events/session_telemetry.rs, read).",
    evidence: "run",
    fields: [
      {
        source: "event `codex.sse_event`, `event.kind` = `response.completed`, with counts",
        becomes: "one call",
      },
      { source: "the same with `event.kind` = `response.failed`", becomes: "one failed call" },
      ...fieldsOf(NAMES),
    ],
    counts: "Events. Its spans and metrics are known and not read: they repeat them.",
    limits: [
      "An answer without counts is not told of apart from the event of its stream, and is no call.",
      "No provider is named: calls of other providers than OpenAI are priced by their model.",
      "Two answers in one conversation with the same counts in the same millisecond are taken for one.",
    ],
  },
  reads: { names: [...namesOf(NAMES), ATTR_EVENT_NAME, KIND, ERROR, TIMESTAMP] },
  claimsSpan: ({ origin }) => isCodex(origin),
  claimsLog: (log) => isCodex(log.origin) || eventOf(log).startsWith(PREFIX),
  readLog(log) {
    if (eventOf(log) !== "codex.sse_event") return undefined;
    const kind = log.attributes[KIND];
    if (kind !== "response.completed" && kind !== "response.failed") return undefined;
    const failed = kind === "response.failed" || log.attributes[ERROR] !== undefined;
    // Of each answer it tells twice: as an event of the stream, and with its counts.
    if (!failed && log.attributes[INPUT] === undefined) return undefined;
    const told = withAttributes(log, {
      [MADE_KEY]: keyOfLog(log, CONVERSATION, TOLD_APART),
      [MADE_ERROR]: failed ? nameError() : undefined,
    });
    const seen = sightLog(told, READING);
    return seen === undefined ? undefined : { ...seen, streaming: true };
  },
  claimsPoint: ({ metric, origin }) => isCodex(origin) || metric.startsWith(PREFIX),
  prefers: ["logs"],
};

function isCodex(origin: Origin): boolean {
  return /^codex([_-]|$)/.test(serviceOf(origin));
}

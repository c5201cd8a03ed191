import * as names from "@tollgate/core/semconv";
import type { Origin } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { readFlag } from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { keyOfLog, MADE_ERROR, MADE_KEY } from "./reading/made.ts";
import { nameError } from "./reading/outcome.ts";
import { kindIn, sightPoint, TOKEN_KINDS, type TokenKind } from "./reading/points.ts";
import { ATTR_EVENT_NAME, eventOf, serviceOf } from "./reading/sent-by.ts";
import { sightLog, sightSpan, withAttributes, type Reading } from "./reading/sight.ts";

const PREFIX = "claude_code.";
const SCOPE = "com.anthropic.claude_code";
const TOKENS = "claude_code.token.usage";
const TYPE = "type";
const SEQUENCE = "event.sequence";
const SESSION = "session.id";
const SUCCESS = "success";
const STATUS = "status_code";
const NAMES: FactNames = {
  requestModel: ["model"],
  responseModel: [names.ATTR_RESPONSE_MODEL],
  responseId: [names.ATTR_RESPONSE_ID],
  inputTokens: ["input_tokens"],
  outputTokens: ["output_tokens"],
  cacheReadTokens: ["cache_read_tokens"],
  cacheWriteTokens: ["cache_creation_tokens"],
  costUsd: ["cost_usd"],
  durationMs: ["duration_ms"],
  timeToFirstChunkMs: ["ttft_ms"],
  finishReasons: [names.ATTR_RESPONSE_FINISH_REASONS, "stop_reason"],
  key: ["request_id"],
  sender: [SESSION],
  session: [SESSION],
  user: ["user.email", "user.account_uuid", "user.id"],
  organization: ["organization.id"],
  agent: ["agent.name"],
};

const READING: Reading = {
  names: { ...NAMES, key: ["request_id", MADE_KEY], errorType: [MADE_ERROR] },
  provider: "anthropic",
  counting: { cache: "apart", reasoning: "within" },
};

const KINDS: Readonly<Record<string, TokenKind>> = {
  input: TOKEN_KINDS.input,
  output: TOKEN_KINDS.output,
  cacheRead: TOKEN_KINDS.cacheRead,
  cacheCreation: TOKEN_KINDS.cacheWrite,
};

/** Anthropic's coding agent. */
export const claudeCode: Dialect = {
  id: "claude-code",
  about: {
    title: "Claude Code",
    senders:
      "@anthropic-ai/claude-code 2.1.332 (logs and metrics run 2026-11-29 by `pnpm interop`); code.claude.com/docs/en/monitoring-usage and published fixtures of its spans (read).",
    evidence: "run",
    fields: [
      { source: "event `claude_code.api_request`, `claude_code.api_error`", becomes: "one call" },
      { source: "span `claude_code.llm_request` (beta)", becomes: "one call" },
      { source: "metric `claude_code.token.usage` by `type`", becomes: "tokens without calls" },
      ...fieldsOf(NAMES),
    ],
    counts: "Events, else spans, else the metric of tokens.",
    limits: [
      "Its `input` excludes what caches served and were written: the three are added up.",
      "`claude_code.cost.usage` is not read: where only metrics come, their tokens are priced here, and both would count twice.",
      "Its cost is at list price or the rates it was given; on a subscription it is no bill.",
    ],
  },
  reads: {
    names: [...namesOf(NAMES), ATTR_EVENT_NAME, SEQUENCE, SUCCESS, STATUS, TYPE],
  },
  claimsSpan: ({ name, origin }) => isClaudeCode(origin) || name.startsWith(PREFIX),
  readSpan(span) {
    if (span.name !== "claude_code.llm_request") return undefined;
    const failed = readFlag(span.attributes[SUCCESS]) === false;
    const error = failed ? nameError(span.attributes[STATUS]) : undefined;
    return sightSpan(withAttributes(span, { [MADE_ERROR]: error }), READING);
  },
  claimsLog: (log) => isClaudeCode(log.origin) || eventOf(log).startsWith(PREFIX),
  readLog(log) {
    const event = eventOf(log).replace(PREFIX, "");
    if (event !== "api_request" && event !== "api_error") return undefined;
    const error = event === "api_error" ? nameError(log.attributes[STATUS]) : undefined;
    const told = withAttributes(log, {
      [MADE_KEY]: keyOfLog(log, SESSION, [SEQUENCE]),
      [MADE_ERROR]: error,
    });
    return sightLog(told, READING);
  },
  claimsPoint: ({ metric, origin }) => isClaudeCode(origin) || metric.startsWith(PREFIX),
  readPoint(point, amount) {
    if (point.metric !== TOKENS) return undefined;
    return sightPoint(point, amount, {
      names: NAMES,
      kind: kindIn(KINDS, point.attributes[TYPE]),
      provider: "anthropic",
    });
  },
  prefers: ["logs", "spans", "metrics"],
};

function isClaudeCode(origin: Origin): boolean {
  return origin.scopeName.startsWith(SCOPE) || serviceOf(origin) === "claude-code";
}

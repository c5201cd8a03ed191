import type { Attributes, LogRecord, PointRecord, SpanRecord } from "../../src/index.ts";
import { log, origin, point, span, START_MS } from "../dialects/records.ts";

export const TRACE: string = "a".repeat(32);

/** By gpt-4o-mini's list price: 1,000 × $0.15 + 500 × $0.60, per million tokens. */
export const CALL_NANO_USD = 450_000;
export const CALL_TOKENS = 1_500;

interface CallSpan extends Partial<Omit<SpanRecord, "attributes">> {
  readonly operation?: string;
  readonly more?: Attributes;
}

export function spanId(number: number): string {
  return number.toString(16).padStart(16, "0");
}

/** A span in the current conventions: 1,000 tokens in, 500 out. */
export function callSpan(
  number: number,
  { operation = "chat", more, ...rest }: CallSpan = {},
): SpanRecord {
  return span(
    {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 500,
      ...more,
    },
    { traceId: TRACE, spanId: spanId(number), ...rest },
  );
}

/** A span that tells of no model. */
export function plainSpan(number: number, parent?: number): SpanRecord {
  const parentSpanId = parent === undefined ? undefined : spanId(parent);
  return span({}, { traceId: TRACE, spanId: spanId(number), parentSpanId });
}

/** What our own instrumentation sends of a call that it priced and charged. */
export function ownSpan(number: number, more: Partial<SpanRecord> = {}): SpanRecord {
  return callSpan(number, {
    ...more,
    more: {
      "tollgate.call.id": `call-${number}`,
      "gen_ai.usage.cost.amount": CALL_NANO_USD / 1e9,
      "gen_ai.usage.cost.currency": "USD",
      "gen_ai.usage.cost.source": "catalogue",
    },
  });
}

const CLAUDE_CODE = { "service.name": "claude-code" };
const SESSION = { "session.id": "s-1", "organization.id": "org-1" };

/** One call of Claude Code, as its events tell it; $0.01 by its own account. */
export function claudeLog(sequence: number, more: Partial<LogRecord> = {}): LogRecord {
  return log(
    {
      ...SESSION,
      "event.name": "api_request",
      "event.sequence": sequence,
      model: "claude-opus-5",
      input_tokens: 1_000,
      output_tokens: 500,
      cost_usd: 0.01,
    },
    { origin: origin("com.anthropic.claude_code.events", CLAUDE_CODE), ...more },
  );
}

/** What Claude Code's counters add up to. */
export function claudePoint(type: string, value: number, timeMs: number = START_MS): PointRecord {
  return point(
    "claude_code.token.usage",
    { ...SESSION, type, model: "claude-opus-5" },
    { origin: origin("com.anthropic.claude_code", CLAUDE_CODE), value, timeMs },
  );
}

/** The counter of the conventions that any sender may have. */
export function tokenPoint(
  kind: "input" | "output",
  value: number,
  more: Partial<PointRecord> = {},
): PointRecord {
  return point(
    `gen_ai.client.inference.usage.${kind}_tokens`,
    {
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.token.modality": "text",
    },
    { origin: origin("", SERVICE), value, ...more },
  );
}

export const SERVICE: Attributes = { "service.name": "shop", "service.instance.id": "i-1" };

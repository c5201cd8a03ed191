import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from "@opentelemetry/api";
import { nanoUsdToUsd, type Attribution, type RequestFacts, type UsageEvent } from "@tollgate/core";
import * as names from "@tollgate/core/semconv";
import type { MatchedCall } from "@tollgate/wire";
import { attributionAttributes } from "./attribution-attributes.ts";
import { spanAttribute } from "./span-attribute.ts";

/** What a span needs to know before the call leaves. */
export interface SpanStart {
  readonly callId: string;
  readonly match: MatchedCall;
  readonly request: RequestFacts;
  readonly attribution: Attribution;
  /** How often the client had tried before; `undefined` when it does not say. */
  readonly resendCount: number | undefined;
}

/** The span of one call: our own, or one that the SDK or framework made and we add to. */
export interface InferenceSpan {
  readonly span: Span;
  /** Of the span around it; not known of a span that another made. */
  readonly parentSpanId: string | undefined;
  /** The context to send the request in. */
  readonly context: Context;
  end(event: UsageEvent): void;
}

const OPERATIONS: ReadonlySet<unknown> = new Set([
  "chat",
  "text_completion",
  "generate_content",
  "embeddings",
]);

/**
 * Starts `{operation} {model}`, unless the active span already is an inference span (some SDKs and
 * frameworks make their own): that one is enriched, since two would count the call twice.
 */
export function startInferenceSpan(
  tracer: Tracer,
  parent: Context,
  start: SpanStart,
): InferenceSpan {
  const active = trace.getSpan(parent);
  if (active?.isRecording() && OPERATIONS.has(spanAttribute(active, names.ATTR_OPERATION_NAME))) {
    active.setAttributes(identityAttributes(start));
    const end = (event: UsageEvent): void => enrich(active, event);
    return { span: active, parentSpanId: undefined, context: parent, end };
  }
  const { operation } = start.match.api;
  const name =
    start.request.model === undefined ? operation : `${operation} ${start.request.model}`;
  const span = tracer.startSpan(
    name,
    {
      kind: SpanKind.CLIENT,
      attributes: { ...requestAttributes(start), ...identityAttributes(start) },
    },
    parent,
  );
  return {
    span,
    parentSpanId: active?.spanContext().spanId,
    context: trace.setSpan(parent, span),
    end(event) {
      if (span.isRecording()) {
        span.setAttributes(responseAttributes(event));
        if (event.errorType !== undefined && event.outcome !== "cancelled") {
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
      }
      span.end();
    },
  };
}

const COUNTS = [
  [names.ATTR_USAGE_INPUT_TOKENS, "inputTokens"],
  [names.ATTR_USAGE_OUTPUT_TOKENS, "outputTokens"],
  [names.ATTR_USAGE_CACHE_READ_INPUT_TOKENS, "cacheReadTokens"],
  [names.ATTR_USAGE_CACHE_WRITE_INPUT_TOKENS, "cacheWriteTokens"],
  [names.ATTR_USAGE_REASONING_OUTPUT_TOKENS, "reasoningTokens"],
] as const;

function enrich(span: Span, event: UsageEvent): void {
  if (span.isRecording()) span.setAttributes(usageAttributes(event));
}

function requestAttributes({ match, request, resendCount }: SpanStart): Attributes {
  const attributes: Attributes = {
    [names.ATTR_OPERATION_NAME]: match.api.operation,
    [names.ATTR_PROVIDER_NAME]: match.provider,
    [names.ATTR_SERVER_ADDRESS]: match.serverAddress,
    [names.ATTR_SERVER_PORT]: match.serverPort,
  };
  if (request.model !== undefined) attributes[names.ATTR_REQUEST_MODEL] = request.model;
  if (request.streaming) attributes[names.ATTR_REQUEST_STREAM] = true;
  if (request.maxOutputTokens !== undefined) {
    attributes[names.ATTR_REQUEST_MAX_TOKENS] = request.maxOutputTokens;
  }
  if (request.choices !== 1) attributes[names.ATTR_REQUEST_CHOICE_COUNT] = request.choices;
  if (resendCount) attributes[names.ATTR_HTTP_REQUEST_RESEND_COUNT] = resendCount;
  return attributes;
}

function identityAttributes({ callId, attribution }: SpanStart): Attributes {
  return { ...attributionAttributes(attribution), [names.ATTR_CALL_ID]: callId };
}

function responseAttributes(event: UsageEvent): Attributes {
  const attributes = usageAttributes(event);
  if (event.responseModel !== undefined)
    attributes[names.ATTR_RESPONSE_MODEL] = event.responseModel;
  if (event.responseId !== undefined) attributes[names.ATTR_RESPONSE_ID] = event.responseId;
  if (event.outcome === "pending") attributes[names.ATTR_OUTCOME] = event.outcome;
  if (event.finishReasons.length > 0) {
    attributes[names.ATTR_RESPONSE_FINISH_REASONS] = [...event.finishReasons];
  }
  if (event.timeToFirstChunkMs !== undefined) {
    attributes[names.ATTR_RESPONSE_TIME_TO_FIRST_CHUNK] = event.timeToFirstChunkMs / 1000;
  }
  if (event.errorType !== undefined) attributes[names.ATTR_ERROR_TYPE] = event.errorType;
  return attributes;
}

function usageAttributes({ usage, cost, estimated, toolCalls }: UsageEvent): Attributes {
  const attributes: Attributes = {};
  if (usage !== undefined) {
    for (const [name, count] of COUNTS) {
      const value = usage[count];
      if (value !== undefined) attributes[name] = value;
    }
  }
  if (cost.totalNanoUsd !== undefined) {
    attributes[names.ATTR_USAGE_COST_AMOUNT] = nanoUsdToUsd(cost.totalNanoUsd);
    attributes[names.ATTR_USAGE_COST_CURRENCY] = "USD";
    attributes[names.ATTR_USAGE_COST_SOURCE] = cost.priceSource;
  }
  if (estimated) attributes[names.ATTR_USAGE_ESTIMATED] = true;
  if (toolCalls.length > 0) attributes[names.ATTR_TOOL_CALLS] = [...toolCalls];
  return attributes;
}

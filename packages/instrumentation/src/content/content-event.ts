import {
  diag,
  logs,
  ROOT_CONTEXT,
  SeverityNumber,
  trace,
  type Attributes,
  type Logger,
} from "@opentelemetry/api";
import type { UsageEvent } from "@tollgate/core";
import * as names from "@tollgate/core/semconv";
import type { MatchedCall } from "@tollgate/wire";
import type { InferenceSpan } from "../span/inference-span.ts";
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from "../version.ts";
import type { ContentAttributes } from "./content-attributes.ts";

/** Where events go: the app's own logger provider, whenever it registers one. */
export interface ContentEvents {
  /** `undefined` while there is none: nothing needs to be read then. */
  logger(): Logger | undefined;
}

export function createContentEvents(): ContentEvents {
  let logger: Logger | undefined;
  let warned = false;
  return {
    logger() {
      logger ??= logs.getLogger(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION);
      if (logger.enabled({ eventName: names.EVENT_INFERENCE_DETAILS })) return logger;
      if (!warned) {
        warned = true;
        diag.warn(
          "tollgate: content is to go into events, and no LoggerProvider takes them: register one, or record content on spans (SPAN_ONLY)",
        );
      }
      return undefined;
    },
  };
}

/**
 * Tells what a call said as an event, in structured form.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai docs/gen-ai/gen-ai-events.md at commit
 *   002c8a6ea1c8a42b14a4527db83b3cabcded610a
 */
export function emitContent(
  logger: Logger,
  match: MatchedCall,
  event: UsageEvent,
  span: InferenceSpan | undefined,
  { texts, truncated }: ContentAttributes,
): void {
  const attributes = callAttributes(match, event);
  for (const [name, json] of texts) attributes[name] = JSON.parse(json);
  if (truncated.length > 0) attributes[names.ATTR_CONTENT_TRUNCATED] = [...truncated];
  logger.emit({
    eventName: names.EVENT_INFERENCE_DETAILS,
    severityNumber: SeverityNumber.INFO,
    attributes,
    context: span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span.span),
  });
}

function callAttributes(match: MatchedCall, event: UsageEvent): Attributes {
  const { usage } = event;
  const said: readonly (readonly [name: string, value: unknown])[] = [
    [names.ATTR_OPERATION_NAME, event.operation],
    [names.ATTR_PROVIDER_NAME, event.provider],
    [names.ATTR_SERVER_ADDRESS, match.serverAddress],
    [names.ATTR_SERVER_PORT, match.serverPort],
    [names.ATTR_CALL_ID, event.id],
    [names.ATTR_REQUEST_MODEL, event.requestModel],
    [names.ATTR_REQUEST_STREAM, event.streaming || undefined],
    [names.ATTR_RESPONSE_MODEL, event.responseModel],
    [names.ATTR_RESPONSE_ID, event.responseId],
    [
      names.ATTR_RESPONSE_FINISH_REASONS,
      event.finishReasons.length > 0 ? [...event.finishReasons] : undefined,
    ],
    [names.ATTR_USAGE_INPUT_TOKENS, usage?.inputTokens],
    [names.ATTR_USAGE_OUTPUT_TOKENS, usage?.outputTokens],
    [names.ATTR_ERROR_TYPE, event.errorType],
  ];
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

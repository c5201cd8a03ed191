import { trace, type Context, type Span } from "@opentelemetry/api";
import { ATTR_AGENT_NAME, ATTR_OPERATION_NAME } from "@tollgate/core/semconv";
import { spanAttribute } from "../span/span-attribute.ts";
import { processWideMap } from "./process-wide.ts";

/** What an OpenTelemetry SDK wants of a span processor. */
export interface AgentSpanProcessor {
  onStart(span: Span, parentContext: Context): void;
  onEnd(): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

const parents = processWideMap<Span>(Symbol.for("tollgate.span-parents.v1"));

/** Deeper than any honest trace; a limit on what a call may cost. */
const MAX_DEPTH = 100;

/**
 * Lets calls find the agent above them when the active span is not the agent's own but one below it, as
 * with frameworks that make spans for agents, chains and steps. Exports nothing and changes no span; it
 * only remembers which span is whose parent, for as long as the spans themselves live.
 *
 * Sees recorded spans only: those that a sampler dropped have no attributes to look at.
 *
 * @example new NodeSDK({ spanProcessors: [createAgentSpanProcessor(), exporting] })
 */
export function createAgentSpanProcessor(): AgentSpanProcessor {
  return {
    onStart(span, parentContext) {
      const parent = trace.getSpan(parentContext);
      if (parent !== undefined && parent !== span) parents.set(span, parent);
    },
    onEnd() {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** The name of the agent whose span is the active one or, where parents are known, the nearest above it. */
export function nearestAgentName(): string | undefined {
  let span = trace.getActiveSpan();
  for (let depth = 0; span !== undefined && depth < MAX_DEPTH; depth++) {
    if (spanAttribute(span, ATTR_OPERATION_NAME) === "invoke_agent") {
      const name = spanAttribute(span, ATTR_AGENT_NAME);
      if (typeof name === "string") return name;
    }
    span = parents.get(span);
  }
  return undefined;
}

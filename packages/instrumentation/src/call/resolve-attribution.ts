import {
  ATTRIBUTION_KEYS,
  currentAttribution,
  mergeAttribution,
  type Attribution,
} from "@tollgate/core";
import {
  ATTR_AGENT_NAME,
  ATTR_OPERATION_NAME,
  ATTRIBUTION_ATTRIBUTES,
  BAGGAGE_PREFIX,
} from "@tollgate/core/semconv";
import { context, propagation, trace, type Span } from "@opentelemetry/api";
import type { AttributionOptions } from "./options.ts";

/** Says who pays for a call made here and now. */
export type ResolveAttribution = () => Attribution;

/**
 * Precedence, highest first: locked configuration, `withAttribution`, the active agent span's name,
 * trusted baggage, defaults.
 */
export function createAttributionResolver(options: AttributionOptions = {}): ResolveAttribution {
  const { defaults = {}, locked, trustBaggage = false } = options;
  const base = mergeAttribution(defaults, locked);
  /** Contexts are few and live long: their merged form is kept as long as they are. */
  const merged = new WeakMap<Attribution, Attribution>();

  return () => {
    const own = currentAttribution();
    const agent = activeAgentName();
    const baggage = trustBaggage ? attributionFromBaggage() : undefined;
    if (agent !== undefined || baggage !== undefined) {
      const spanned = agent === undefined ? undefined : { agent };
      return mergeAttribution(defaults, baggage, spanned, own, locked);
    }
    if (own === undefined) return base;
    let known = merged.get(own);
    if (known === undefined) {
      known = mergeAttribution(defaults, own, locked);
      merged.set(own, known);
    }
    return known;
  };
}

/** SDK spans show their attributes; the API's interface does not promise it. */
export function spanAttribute(span: Span | undefined, name: string): unknown {
  if (span === undefined || !("attributes" in span)) return undefined;
  const attributes: unknown = span.attributes;
  return typeof attributes === "object" && attributes !== null
    ? Reflect.get(attributes, name)
    : undefined;
}

function activeAgentName(): string | undefined {
  const span = trace.getActiveSpan();
  if (span === undefined) return undefined;
  if (spanAttribute(span, ATTR_OPERATION_NAME) !== "invoke_agent") return undefined;
  const name = spanAttribute(span, ATTR_AGENT_NAME);
  return typeof name === "string" ? name : undefined;
}

function attributionFromBaggage(): Attribution | undefined {
  const baggage = propagation.getActiveBaggage();
  if (baggage === undefined) return undefined;
  const found: Record<string, string> = {};
  for (const key of ATTRIBUTION_KEYS) {
    const value = baggage.getEntry(ATTRIBUTION_ATTRIBUTES[key])?.value;
    if (value) found[key] = value;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** The active context without our baggage: propagators inject after us, and providers must not see it. */
export function contextForProvider(): ReturnType<typeof context.active> {
  const active = context.active();
  const baggage = propagation.getBaggage(active);
  if (baggage === undefined) return active;
  const ours = baggage
    .getAllEntries()
    .map(([key]) => key)
    .filter((key) => key.startsWith(BAGGAGE_PREFIX));
  return ours.length === 0
    ? active
    : propagation.setBaggage(active, baggage.removeEntries(...ours));
}

import {
  ATTRIBUTION_KEYS,
  currentAttribution,
  mergeAttribution,
  type Attribution,
} from "@tollgate/core";
import { ATTRIBUTION_ATTRIBUTES, BAGGAGE_PREFIX } from "@tollgate/core/semconv";
import { context, propagation } from "@opentelemetry/api";
import { nearestAgentName } from "../agents/agent-spans.ts";
import type { AttributionOptions } from "./options.ts";

/** Says who pays for a call made here and now. */
export type ResolveAttribution = () => Attribution;

/**
 * Precedence, highest first: locked configuration, `withAttribution`, the nearest agent span's name,
 * trusted baggage, defaults.
 */
export function createAttributionResolver(options: AttributionOptions = {}): ResolveAttribution {
  const { defaults = {}, locked, trustBaggage = false } = options;
  const base = mergeAttribution(defaults, locked);
  /** Contexts are few and live long: their merged form is kept as long as they are. */
  const merged = new WeakMap<Attribution, Attribution>();

  return () => {
    const own = currentAttribution();
    const agent = nearestAgentName();
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

/** Whether the active context has baggage of ours, which a client may write into its headers by itself. */
export function hasOurBaggage(): boolean {
  const entries = propagation.getActiveBaggage()?.getAllEntries() ?? [];
  return entries.some(([key]) => key.startsWith(BAGGAGE_PREFIX));
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

import type { Attributes } from "@opentelemetry/api";
import { ATTRIBUTION_KEYS, type Attribution } from "@tollgate/core";
import * as names from "@tollgate/core/semconv";

/** Attributions are shared between calls: their attributes are made once. */
const attributesOf = new WeakMap<Attribution, Attributes>();

export function attributionAttributes(attribution: Attribution): Attributes {
  let attributes = attributesOf.get(attribution);
  if (attributes === undefined) {
    attributes = {};
    for (const key of ATTRIBUTION_KEYS) {
      const value = attribution[key];
      if (value !== undefined) attributes[names.ATTRIBUTION_ATTRIBUTES[key]] = value;
    }
    if (attribution.iteration !== undefined)
      attributes[names.ATTR_ITERATION] = attribution.iteration;
    for (const [tag, value] of Object.entries(attribution.tags ?? {})) {
      attributes[names.ATTR_TAG_PREFIX + tag] = value;
    }
    attributesOf.set(attribution, attributes);
  }
  return attributes;
}

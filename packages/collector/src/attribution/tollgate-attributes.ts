import { ATTRIBUTION_KEYS, type Attribution } from "@tollgate/core";
import { ATTR_ITERATION, ATTR_TAG_PREFIX, ATTRIBUTION_ATTRIBUTES } from "@tollgate/core/semconv";
import type { Attributes, AttributeValue } from "../otlp/records.ts";

const MAX_LENGTH = 256;
const MAX_TAGS = 32;

/** What an attribute says in one word or number; lists and maps say nothing. */
export function plainText(value: AttributeValue | undefined): string | undefined {
  const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== "string") return undefined;
  return text.trim() === "" ? undefined : text.trim();
}

/** As {@link plainText}, cut where no name is longer. */
export function chargeableName(value: AttributeValue | undefined): string | undefined {
  return plainText(value)?.slice(0, MAX_LENGTH);
}

/** What `tollgate.*` attributes say, which apps set themselves or carry in their baggage. */
export function tollgateAttribution(attributes: Attributes): Attribution {
  const said: Record<string, string | number> = {};
  for (const key of ATTRIBUTION_KEYS) {
    const name = chargeableName(attributes[ATTRIBUTION_ATTRIBUTES[key]]);
    if (name !== undefined) said[key] = name;
  }
  const iteration = attributes[ATTR_ITERATION];
  if (typeof iteration === "number" && Number.isSafeInteger(iteration) && iteration > 0) {
    said["iteration"] = iteration;
  }
  const tags = tagsIn(attributes);
  return tags === undefined ? said : { ...said, tags };
}

function tagsIn(attributes: Attributes): Readonly<Record<string, string>> | undefined {
  let tags: Record<string, string> | undefined;
  let count = 0;
  for (const name in attributes) {
    if (!name.startsWith(ATTR_TAG_PREFIX) || count >= MAX_TAGS) continue;
    const tag = name.slice(ATTR_TAG_PREFIX.length);
    const said = chargeableName(attributes[name]);
    if (tag === "" || said === undefined) continue;
    tags = Object.assign(tags ?? {}, { [tag.slice(0, MAX_LENGTH)]: said });
    count++;
  }
  return tags;
}

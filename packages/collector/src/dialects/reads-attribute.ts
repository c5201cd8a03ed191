import { BAGGAGE_PREFIX } from "@tollgate/core/semconv";
import { DIALECTS } from "./index.ts";
import { ATTR_EXCEPTION_TYPE } from "./reading/outcome.ts";
import { ATTR_SERVICE_NAME } from "./reading/sent-by.ts";

const NAMES: ReadonlySet<string> = new Set([
  ...DIALECTS.flatMap(({ reads }) => reads.names),
  ATTR_EXCEPTION_TYPE,
  ATTR_SERVICE_NAME,
]);

const PREFIXES: readonly string[] = [
  BAGGAGE_PREFIX,
  ...DIALECTS.flatMap(({ reads }) => reads.prefixes ?? []),
];

/**
 * Whether any dialect looks at an attribute of this name: a decoder may leave all others out of spans, span events and
 * logs, prompts and answers above all.
 *
 * Not for metrics: every attribute of a point, and of its resource and scope, is a part of the identity of its series.
 * Attribution rules name attributes of their own, which are to be kept as well.
 */
export function readsAttribute(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}

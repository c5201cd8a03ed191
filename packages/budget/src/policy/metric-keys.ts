import {
  ATTR_AGENT,
  ATTR_ORGANIZATION,
  ATTR_PROJECT,
  ATTR_PROVIDER_NAME,
  ATTR_REQUEST_MODEL,
} from "@tollgate/core/semconv";
import { MATCH_KEYS, type MatchKey, type Policy } from "./policy.ts";

/** What may become a metric label, and its attribute; everything else varies without bound. */
export const METRIC_KEYS: ReadonlyMap<MatchKey, string> = new Map<MatchKey, string>([
  ["organization", ATTR_ORGANIZATION],
  ["project", ATTR_PROJECT],
  ["agent", ATTR_AGENT],
  ["provider", ATTR_PROVIDER_NAME],
  ["model", ATTR_REQUEST_MODEL],
]);

/** Whether a policy decides on what metrics say, where there are metrics to read. */
export function decidesOnAggregates(
  { decideOn, guarantee }: Pick<Policy, "decideOn" | "guarantee">,
  available: boolean,
): boolean {
  return decideOn === undefined ? available && guarantee === "advisory" : decideOn === "aggregates";
}

/** What metrics cannot say of a policy. */
export interface Unreadable {
  readonly key: "match" | "each" | "window" | "guarantee";
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/**
 * Why metrics cannot say what a policy has spent; `undefined` when they can.
 *
 * @param keys - what is a label there.
 * @param hasTotals - whether they reach back to the beginning of a `total` window.
 */
export function unreadableByMetrics(
  { match, each, window, guarantee, onExceed }: Policy,
  keys: ReadonlySet<MatchKey>,
  hasTotals: boolean,
): Unreadable | undefined {
  if (guarantee !== "advisory" && onExceed !== "alert") {
    const message = `metrics lag behind and cannot ${onExceed} as ${guarantee}; write guarantee: advisory, or decideOn: ledger`;
    return { key: "guarantee", message };
  }
  const matched = MATCH_KEYS.find((key) => match[key] !== undefined && !keys.has(key));
  if (matched !== undefined) return { key: "match", message: noLabel(matched, keys) };
  const counted = each.find((key) => !keys.has(key));
  if (counted !== undefined) return { key: "each", message: noLabel(counted, keys) };
  const kind = typeof window === "object" && "task" in window ? "task" : window;
  if (kind === "task" || (kind === "total" && !hasTotals)) {
    const message = `metrics cannot be read over the window "${kind}"; write day, week, month or { rolling: "1h" }, or decideOn: ledger`;
    return { key: "window", message };
  }
  return undefined;
}

function noLabel(key: MatchKey, keys: ReadonlySet<MatchKey>): string {
  return `metrics have no label for ${key}; use ${[...keys].join(", ")}, or write decideOn: ledger`;
}

import type { LogRecord } from "../../otlp/records.ts";
import { readCode } from "./attribute-values.ts";

/** Names for what a dialect puts together out of several attributes, or finds in JSON. No sender can write them. */
export const MADE_KEY = "\0key";
export const MADE_ERROR = "\0error";

const MAX_KEY_LENGTH = 256;

/**
 * What a log is known by whose sender gives it no id: whom it belongs to, its time, and whatever else tells it from
 * others.
 *
 * @returns `undefined` when it does not say whom it belongs to.
 */
export function keyOfLog(
  { attributes, timeMs }: LogRecord,
  owner: string,
  names: readonly string[],
): string | undefined {
  const owned = readCode(attributes[owner]);
  if (owned === undefined) return undefined;
  const said = names.map((name) => readCode(attributes[name]) ?? "");
  return [owned, timeMs, ...said].join("/").slice(0, MAX_KEY_LENGTH);
}

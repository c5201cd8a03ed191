import { isJsonObject, type JsonObject } from "../json/read.ts";
import { noteProblem, type AnswerDraft } from "./draft.ts";

/** Far above any context window; a count beyond it is a provider's mistake, not usage. */
const MAX_COUNT = 1_000_000_000;

/**
 * A count that a provider states. What cannot be one (negative, a fraction, a text, absurdly large)
 * is taken as not said, and noted.
 */
export function readCount(
  from: JsonObject | undefined,
  key: string,
  draft: AnswerDraft,
): number | undefined {
  const value = from?.[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT) {
    // Without the sign of -0, which would survive into sums and JSON.
    return value + 0;
  }
  const shown = typeof value === "number" ? String(value) : typeof value;
  noteProblem(draft, `${key} is not a count: ${shown}`);
  return undefined;
}

/** The `usage` member of an answer or event; what is there but cannot be one is noted. */
export function readUsage(
  from: JsonObject | undefined,
  draft: AnswerDraft,
): JsonObject | undefined {
  const value = from?.["usage"];
  if (value === undefined || value === null) return undefined;
  if (isJsonObject(value)) return value;
  noteProblem(draft, `usage is not an object: ${typeof value}`);
  return undefined;
}

/** The sum of what is known; `undefined` when nothing is. */
export function sumCounts(...counts: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}

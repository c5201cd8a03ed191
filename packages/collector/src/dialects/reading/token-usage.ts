import type { TokenUsage } from "@tollgate/core";
import { readCount } from "./attribute-values.ts";
import type { Facts } from "./facts.ts";

/** Whether a count that a sender gives beside a sum is in that sum (`within`) or on top of it (`apart`). */
export type Place = "within" | "apart";

/** How a sender counts, where its own numbers do not show it. */
export interface Counting {
  /** Cached tokens, against `inputTokens`. */
  readonly cache: Place;
  /** Reasoning tokens, against `outputTokens`. */
  readonly reasoning: Place;
}

/** As OpenAI counts, and the GenAI conventions. */
export const ALL_WITHIN: Counting = { cache: "within", reasoning: "within" };

/** Parts of the input and the output that need no arithmetic. */
const PARTS = [
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "imageInputTokens",
  "imageOutputTokens",
  "toolUseInputTokens",
] as const;

const OF_OUTPUT: ReadonlySet<string> = new Set([
  "reasoningTokens",
  "audioOutputTokens",
  "imageOutputTokens",
]);

/** The token usage of a call in our convention; `undefined` when nothing was said. */
export function usageIn(facts: Facts, counting: Counting): TokenUsage | undefined {
  const input = facts("inputTokens", readCount);
  const output = facts("outputTokens", readCount);
  const total = facts("totalTokens", readCount);
  const cached = sum(facts("cacheReadTokens", readCount), facts("cacheWriteTokens", readCount));
  const reasoning = facts("reasoningTokens", readCount);
  const toolUse = facts("toolUseInputTokens", readCount) ?? 0;

  const apart = placeOfCache(counting.cache, { input, output, total, cached }) === "apart";
  const all = input === undefined ? undefined : input + (apart ? cached : 0) + toolUse;
  const sums = {
    inputTokens: all ?? rest(total, output),
    outputTokens: outputWith(output, reasoning, counting.reasoning) ?? rest(total, input),
  };
  const parts = partsIn(facts, sums);
  const isSilent = sums.inputTokens === undefined && sums.outputTokens === undefined;
  return isSilent && Object.keys(parts).length === 0 ? undefined : { ...sums, ...parts };
}

interface Sums {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** A part that is more than its whole makes no sense. */
function partsIn(facts: Facts, sums: Sums): Partial<TokenUsage> {
  const parts: Partial<Record<(typeof PARTS)[number], number>> = {};
  for (const part of PARTS) {
    const count = facts(part, readCount);
    const whole = OF_OUTPUT.has(part) ? sums.outputTokens : sums.inputTokens;
    if (count !== undefined && (whole === undefined || count <= whole)) parts[part] = count;
  }
  return parts;
}

interface Said {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
  readonly cached: number;
}

/** The sender's own numbers decide where they can: more cached than input, or a total that fits one reading alone. */
function placeOfCache(usual: Place, { input, output, total, cached }: Said): Place {
  if (input === undefined || cached === 0) return usual;
  if (cached > input) return "apart";
  if (total === undefined || output === undefined) return usual;
  if (total === input + output) return "within";
  return total === input + output + cached ? "apart" : usual;
}

function outputWith(
  output: number | undefined,
  reasoning: number | undefined,
  usual: Place,
): number | undefined {
  if (output === undefined || reasoning === undefined) return output;
  return usual === "apart" || reasoning > output ? output + reasoning : output;
}

function sum(...counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((all, count) => all + (count ?? 0), 0);
}

/** What is left of a total, when the other part of it is known. */
function rest(total: number | undefined, other: number | undefined): number | undefined {
  return total === undefined || other === undefined || other > total ? undefined : total - other;
}

import { addMember, findMember, openMembers, rawAt, replaceAt, type Span } from "./members.ts";
import type { OutputCap } from "./output-cap.ts";

/**
 * Puts a limit on the output that a request asks for, per choice. A higher one of its own is lowered, an absent
 * one added, a lower one stays; every other byte of the body stays as it is.
 *
 * @returns `undefined` when that cannot be done: the body is no JSON object, names a member twice, or has
 *   something else than a number in its place.
 */
export function capOutput(
  bodyText: string,
  { members, otherwise }: OutputCap,
  maxOutputTokens: number,
): string | undefined {
  const body = openMembers(bodyText);
  if (body === undefined) return undefined;
  const found: Span[] = [];
  for (const path of members) {
    const [span, second] = findMember(body, path);
    if (second !== undefined) return undefined;
    if (span !== undefined) found.push(span);
  }
  const json = String(maxOutputTokens);
  const stated = found.filter((span) => rawAt(bodyText, span) !== "null");
  if (stated.length > 0) return lowerEach(bodyText, stated, maxOutputTokens);
  if (otherwise !== undefined && otherwise <= maxOutputTokens) return bodyText;
  const [absent] = found;
  if (absent !== undefined) return replaceAt(bodyText, absent, json);
  const surrounded = members.find((path) => findMember(body, holderOf(path)).length > 0);
  return addMember(body, surrounded ?? members[0], json);
}

/** The least limit that makes sense for a request: what the API takes, and above a budget for thinking. */
export function leastOutputTokens(
  bodyText: string,
  { leastTokens = 1, thinking = [] }: OutputCap,
): number {
  const body = thinking.length === 0 ? undefined : openMembers(bodyText);
  if (body === undefined) return leastTokens;
  const budgets = thinking
    .flatMap((path) => findMember(body, path))
    .map((span) => Number(rawAt(bodyText, span)));
  return budgets.reduce(
    (least, budget) => (Number.isSafeInteger(budget) ? Math.max(least, budget + 1) : least),
    leastTokens,
  );
}

/** From the last one on: positions before it stay true. */
function lowerEach(text: string, spans: readonly Span[], cap: number): string | undefined {
  let lowered = text;
  for (const span of spans.toSorted((a, b) => b.start - a.start)) {
    const raw = rawAt(text, span);
    if (!NUMBER.test(raw)) return undefined;
    // Below 1 it is no limit: some servers take it for "as much as there is".
    if (!(Number(raw) >= 1 && Number(raw) <= cap)) {
      lowered = replaceAt(lowered, span, String(cap));
    }
  }
  return lowered;
}

const NUMBER = /^-?\d/;

function holderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

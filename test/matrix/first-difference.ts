import { isDeepStrictEqual } from "node:util";

const MAX_CHARS = 160;

/** Where two values differ first, for a reader: `.items[3].text: "a" became "b"`. */
export function firstDifference(was: unknown, is: unknown, path = ""): string {
  const [before, after] = [membersOf(was), membersOf(is)];
  if (before && after) {
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      if (isDeepStrictEqual(before.get(key), after.get(key))) continue;
      return firstDifference(before.get(key), after.get(key), `${path}.${key}`);
    }
  }
  return `${path || "value"}: ${excerpt(was)} became ${excerpt(is)}`;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}

function excerpt(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}

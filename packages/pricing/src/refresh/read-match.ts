import type { MatchLogic } from "../catalogue-format.ts";
import { isMap } from "./json-map.ts";
import type { Complain } from "./read-model.ts";

const NOTHING: MatchLogic = { or: [] };

/** Reads the pattern of a model's names; what is none matches nothing. */
export function readMatch(match: unknown, place: string, complain: Complain): MatchLogic {
  const [entry, ...others] = isMap(match) ? Object.entries(match) : [];
  const read = entry && others.length === 0 ? readPattern(entry, place, complain) : undefined;
  if (read === undefined) complain(place, "is no pattern of names");
  return read ?? NOTHING;
}

function readPattern(
  [kind, value]: readonly [string, unknown],
  place: string,
  complain: Complain,
): MatchLogic | undefined {
  if (kind === "or" || kind === "and") {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    const parts = value.map((part: unknown) => readMatch(part, place, complain));
    return kind === "or" ? { or: parts } : { and: parts };
  }
  return typeof value === "string" && value !== "" ? readText(kind, value) : undefined;
}

function readText(kind: string, text: string): MatchLogic | undefined {
  switch (kind) {
    case "equals":
      return { equals: text };
    case "starts_with":
      return { starts_with: text };
    case "ends_with":
      return { ends_with: text };
    case "contains":
      return { contains: text };
    case "regex":
      return isExpression(text) ? { regex: text } : undefined;
    default:
      return undefined;
  }
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

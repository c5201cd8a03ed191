import type { MatchLogic } from "./catalogue-format.ts";

/**
 * Whether a model id, in lower case, falls under a pattern of the catalogue. One that is of no known
 * kind, or no valid expression, matches nothing.
 */
export function matchesLogic(logic: MatchLogic, id: string): boolean {
  if ("equals" in logic) return id === logic.equals.toLowerCase();
  if ("starts_with" in logic) return id.startsWith(logic.starts_with.toLowerCase());
  if ("ends_with" in logic) return id.endsWith(logic.ends_with.toLowerCase());
  if ("contains" in logic) return id.includes(logic.contains.toLowerCase());
  if ("regex" in logic) return matchesExpression(logic.regex, id);
  if ("or" in logic) return logic.or.some((part) => matchesLogic(part, id));
  return logic.and?.every((part) => matchesLogic(part, id)) ?? false;
}

function matchesExpression(expression: string, id: string): boolean {
  try {
    return new RegExp(expression).test(id);
  } catch {
    return false;
  }
}

/** The texts of a pattern's parts: the names that it was written for. */
export function namesIn(logic: MatchLogic): readonly string[] {
  if ("equals" in logic) return [logic.equals.toLowerCase()];
  if ("starts_with" in logic) return [logic.starts_with.toLowerCase()];
  if ("ends_with" in logic) return [logic.ends_with.toLowerCase()];
  if ("contains" in logic) return [logic.contains.toLowerCase()];
  if ("or" in logic) return logic.or.flatMap(namesIn);
  return "and" in logic ? logic.and.flatMap(namesIn) : [];
}

import type { DescribedIssue } from "./problem/describe-issues.ts";

/**
 * Budgets and guards with an id that an earlier one has. Looks at the document as it is written, so that
 * other mistakes in it do not hide this one.
 */
export function findDuplicateIds(data: unknown): readonly DescribedIssue[] {
  const firstPlace = new Map<string, string>();
  return ["budgets", "guards"].flatMap((list) => {
    const entries = memberOf(data, list);
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: unknown, index) => {
      const id = memberOf(entry, "id");
      if (typeof id !== "string") return [];
      const first = firstPlace.get(id);
      if (first === undefined) {
        firstPlace.set(id, `${list}[${index}]`);
        return [];
      }
      const each = list === "budgets" ? "budget" : "guard";
      const message = `${first} has the id "${id}" already; give each ${each} its own`;
      return [{ path: [list, index, "id"], message }];
    });
  });
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

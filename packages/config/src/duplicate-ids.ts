import type { DescribedIssue } from "./problem/describe-issues.ts";

/**
 * Budgets with an id that an earlier one has. Looks at the document as it is written, so that other
 * mistakes in it do not hide this one.
 */
export function findDuplicateIds(data: unknown): readonly DescribedIssue[] {
  const budgets = memberOf(data, "budgets");
  if (!Array.isArray(budgets)) return [];
  const firstIndex = new Map<string, number>();
  return budgets.flatMap((budget: unknown, index) => {
    const id = memberOf(budget, "id");
    if (typeof id !== "string") return [];
    const first = firstIndex.get(id);
    if (first === undefined) {
      firstIndex.set(id, index);
      return [];
    }
    const message = `budgets[${first}] has the id "${id}" already; give each budget its own`;
    return [{ path: ["budgets", index, "id"], message }];
  });
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

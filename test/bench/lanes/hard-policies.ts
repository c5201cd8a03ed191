import { parsePolicies, type Policy } from "@tollgate/budget";
import type { Attribution } from "@tollgate/core";

export const ATTRIBUTION: Attribution = {
  organization: "acme",
  project: "atlas",
  task: "bench",
  agent: "planner",
};

/** A hierarchy as people have it. */
const LEVELS = [
  ["organization"],
  ["organization", "project"],
  ["organization", "project", "task"],
  ["organization", "project", "agent"],
] as const;

/** So many hard budgets above every call, by the month and then by the day; none is ever full. */
export function hardPolicies(count: number): readonly Policy[] {
  const policies = ["month", "day"].flatMap((window) =>
    LEVELS.map((each) => ({
      id: `${window}-${each.at(-1)}`,
      each,
      limit: { usd: 1_000_000 },
      window,
      guarantee: "hard",
      maxOutputTokens: 1_000,
    })),
  );
  return parsePolicies(policies.slice(0, count));
}

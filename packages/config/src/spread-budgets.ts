import { notOfOneOrganization } from "@tollgate/budget";
import type { ConfigFile } from "./config-file.ts";
import type { DescribedIssue } from "./problem/describe-issues.ts";

/** Hard budgets over several organizations on a store that keeps these apart. */
export function findSpread(
  config: Pick<ConfigFile, "budgets" | "store"> | undefined,
): readonly DescribedIssue[] {
  if (config?.store?.redis?.partition !== "organization") return [];
  return config.budgets.flatMap((budget, index) => {
    const message = notOfOneOrganization(budget);
    return message === undefined ? [] : [{ path: ["budgets", index, "guarantee"], message }];
  });
}

import * as z from "zod";
import { budgetJson, type BudgetJson } from "../../usage/budget-json.ts";
import { visibleTo } from "../../usage/visible-budgets.ts";
import { answer } from "../answer.ts";
import { textTable } from "../text-table.ts";
import type { AddTool } from "../tool.ts";

export const addListBudgets: AddTool = (server, { budget, policies }, caller) => {
  server.registerTool(
    "list_budgets",
    {
      title: "List budgets",
      description: "What every budget has spent and has left, and until when.",
      inputSchema: z.strictObject({
        budget: z.string().min(1).max(64).describe("Only this one.").optional(),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ budget: only }) =>
      answer(caller, "read", async () => {
        const states = visibleTo(caller, await budget.states(), policies());
        const budgets = states
          .filter((state) => only === undefined || state.budget === only)
          .map(budgetJson);
        const text =
          budgets.length === 0
            ? "There is no such budget."
            : textTable(
                ["budget", "used", "spent", "remaining", "limit", "until"],
                budgets.map(cells),
              );
        return { text, data: { budgets } };
      }),
  );
};

function cells(one: BudgetJson): readonly string[] {
  const scope = Object.entries(one.scope).map(([key, value]) => `${key}=${value}`);
  const amount = (value: number): string =>
    one.unit === "usd" ? `$${value.toFixed(2)}` : `${value.toLocaleString("en-US")} ${one.unit}`;
  return [
    [one.budget, ...scope].join(" "),
    one.frozen ? "frozen" : `${one.used_percent} %`,
    amount(one.spent),
    amount(one.remaining),
    amount(one.limit),
    one.window_end ?? "never",
  ];
}

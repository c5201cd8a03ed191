import { formatUsd, type BudgetRefusal, type BudgetUnit } from "@tollgate/core";
import { callOf, askedCallSchema } from "../../usage/asked-call.ts";
import { amountJson, refusalJson } from "../../usage/budget-json.ts";
import { answer } from "../answer.ts";
import type { AddTool } from "../tool.ts";

export const addCheckBudget: AddTool = (server, { budget, pricer, clock }, caller) => {
  server.registerTool(
    "check_budget",
    {
      title: "May a call be made?",
      description:
        "Whether a call would be let through now, without holding anything. Say what you know of it: model, tokens_in, tokens_out, agent, task.",
      inputSchema: askedCallSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) =>
      answer(caller, "read", async () => {
        const check = await budget.check(callOf(caller, input, pricer, clock.now()));
        const { action, refusal, remarks } = check;
        return {
          text: [describe(action, refusal), ...remarks].join("\n"),
          data: {
            action,
            refusal: refusal === undefined ? null : refusalJson(refusal),
            holds: check.holds.map(({ budget: id, unit, scope, amount }) => ({
              budget: id,
              unit,
              scope,
              amount: amountJson(unit, amount),
            })),
            remarks,
          },
        };
      }),
  );
};

function describe(
  action: "allow" | "throttle" | "deny",
  refusal: BudgetRefusal | undefined,
): string {
  if (refusal === undefined) return "Allowed.";
  const { budget, reason, unit, remaining, limit, requested, resetsAtMs } = refusal;
  const verb = action === "throttle" ? "It would have to wait" : "It would be refused";
  const reset =
    resetsAtMs === undefined ? "" : ` Ask again at ${new Date(resetsAtMs).toISOString()}.`;
  const amount = (value: number): string => inWords(unit, value);
  return `${verb}: ${budget} (${reason}): it needs ${amount(requested)}, ${amount(remaining)} of ${amount(limit)} remain.${reset}`;
}

function inWords(unit: BudgetUnit, amount: number): string {
  return unit === "usd" ? formatUsd(amount) : `${amount.toLocaleString("en-US")} ${unit}`;
}

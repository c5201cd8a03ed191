import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { BUDGET_VARIABLE } from "../variables.ts";
import { SECTIONS } from "./panels.ts";

export function budgets(): Dashboard {
  return dashboard({
    uid: "tollgate-budgets",
    title: "Tollgate / Budgets",
    description: "Limits, what is spent and held, how fast, and what budgets decided.",
    sections: SECTIONS,
    variables: [BUDGET_VARIABLE],
  });
}

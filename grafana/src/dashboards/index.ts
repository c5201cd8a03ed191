import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { attribution } from "./attribution/index.ts";
import { budgets } from "./budgets/index.ts";
import { codingAgents } from "./coding-agents/index.ts";
import { efficiency } from "./efficiency/index.ts";
import { overview } from "./overview/index.ts";
import { performance } from "./performance/index.ts";
import { pipeline } from "./pipeline/index.ts";

/** Every dashboard, in the order of the menu. */
export function allDashboards(): readonly Dashboard[] {
  return [
    overview(),
    budgets(),
    attribution(),
    efficiency(),
    performance(),
    codingAgents(),
    pipeline(),
  ];
}

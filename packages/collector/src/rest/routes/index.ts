import type { Routes } from "../api.ts";
import { budgetRoutes } from "./budgets.ts";
import { leaseRoutes } from "./leases.ts";
import { exportRoutes } from "./export.ts";
import { healthRoutes } from "./health.ts";
import { streamRoutes } from "./stream.ts";
import { summaryRoutes } from "./summary.ts";
import { tokenEventRoutes } from "./token-events.ts";
import { workItemRoutes } from "./work-items.ts";

/** All that REST offers, a line for each matter. */
export const ROUTES: readonly Routes[] = [
  tokenEventRoutes,
  summaryRoutes,
  workItemRoutes,
  budgetRoutes,
  leaseRoutes,
  exportRoutes,
  streamRoutes,
  healthRoutes,
];

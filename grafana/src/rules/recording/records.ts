/** Names of recorded series. */
export const SPENT = "budget:tollgate_budget_spent:sum";
export const LIMIT = "budget:tollgate_budget_limit:max";
export const RESERVED = "budget:tollgate_budget_reserved:sum";
export const SPENT_SHARE = "budget:tollgate_budget_spent:ratio";
export const HIGHEST_UTILIZATION = "budget:tollgate_budget_utilization:max";
export const START = "budget:tollgate_budget_window_start_seconds:max";
export const END = "budget:tollgate_budget_window_end_seconds:max";
export const ELAPSED = "budget:tollgate_budget_window_elapsed:ratio";
export const SPEND_1H = "organization_project:tollgate_cost_usd:increase1h";
export const SPEND_RATE = "organization_project_agent_model:tollgate_cost_usd:rate5m";
export const REQUEST_RATE = "provider_model_outcome:tollgate_requests:rate5m";
export const CACHE_SHARE = "provider_model:tollgate_cache_read_tokens:ratio_rate1h";

/** How many times faster a budget was used in a range than its window bears. */
export function burn(minutes: number): string {
  return `budget:tollgate_budget_burn:ratio_rate${minutes}m`;
}

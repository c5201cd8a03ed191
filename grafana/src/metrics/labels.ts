import {
  ATTR_AGENT,
  ATTR_AGENT_NAME,
  ATTR_BUDGET,
  ATTR_BUDGET_ACTION,
  ATTR_BUDGET_REASON,
  ATTR_BUDGET_SCOPE,
  ATTR_COLLECTOR_SIGNAL,
  ATTR_COST_TYPE,
  ATTR_ERROR_TYPE,
  ATTR_ORGANIZATION,
  ATTR_OUTCOME,
  ATTR_OVERFLOW,
  ATTR_PROJECT,
  ATTR_PROVIDER_NAME,
  ATTR_REQUEST_MODEL,
  ATTR_TOOL_NAME,
  ATTR_WORKFLOW_NAME,
} from "@tollgate/core/semconv";
import { label } from "./prometheus-name.ts";

export const ORGANIZATION: string = label(ATTR_ORGANIZATION);
export const PROJECT: string = label(ATTR_PROJECT);
export const AGENT: string = label(ATTR_AGENT);
export const PROVIDER: string = label(ATTR_PROVIDER_NAME);
export const MODEL: string = label(ATTR_REQUEST_MODEL);
export const OUTCOME: string = label(ATTR_OUTCOME);
export const COST_TYPE: string = label(ATTR_COST_TYPE);
export const ERROR_TYPE: string = label(ATTR_ERROR_TYPE);
export const OVERFLOW: string = label(ATTR_OVERFLOW);
export const BUDGET: string = label(ATTR_BUDGET);
export const BUDGET_SCOPE: string = label(ATTR_BUDGET_SCOPE);
export const ACTION: string = label(ATTR_BUDGET_ACTION);
export const REASON: string = label(ATTR_BUDGET_REASON);
export const SIGNAL: string = label(ATTR_COLLECTOR_SIGNAL);
/** Of the instruments of agents, which name them as the conventions do. */
export const RUN_AGENT: string = label(ATTR_AGENT_NAME);
export const TOOL: string = label(ATTR_TOOL_NAME);
export const WORKFLOW: string = label(ATTR_WORKFLOW_NAME);

/** Who a budget's series is of: the budget, and the values of its `each:` keys. */
export const BUDGET_LABELS: readonly string[] = [
  BUDGET,
  BUDGET_SCOPE,
  ORGANIZATION,
  PROJECT,
  AGENT,
  PROVIDER,
  MODEL,
  OVERFLOW,
];

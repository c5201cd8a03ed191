import { parsePrometheusText, type PrometheusFamily } from "@tollgate/testkit";

/** A process's metrics as Tollgate exports them, cut down to what the demo reads. */
export function scrapeOf(agent: string, project: string, extra = ""): PrometheusFamily[] {
  const labels = `tollgate_agent="${agent}",tollgate_project="${project}"`;
  return parsePrometheusText(
    [
      "# TYPE tollgate_requests_total counter",
      `tollgate_requests_total{${labels},tollgate_outcome="ok"} 4`,
      `tollgate_requests_total{${labels},tollgate_outcome="error"} 1`,
      `tollgate_requests_total{${labels},tollgate_outcome="refused"} 2`,
      "# TYPE tollgate_cost_usd_total counter",
      `tollgate_cost_usd_total{${labels},tollgate_cost_type="input"} 0.1`,
      `tollgate_cost_usd_total{${labels},tollgate_cost_type="output"} 0.2`,
      "# TYPE gen_ai_client_inference_usage_input_tokens_total counter",
      `gen_ai_client_inference_usage_input_tokens_total{${labels}} 12000`,
      "# TYPE gen_ai_client_inference_usage_output_tokens_total counter",
      `gen_ai_client_inference_usage_output_tokens_total{${labels}} 800`,
      "# TYPE tollgate_budget_spent_usd gauge",
      `tollgate_budget_spent_usd{tollgate_budget="agent-total",tollgate_agent="${agent}"} 0.3`,
      'tollgate_budget_spent_usd{tollgate_budget="writer-cap"} 0.1',
      "# TYPE tollgate_budget_limit_usd gauge",
      `tollgate_budget_limit_usd{tollgate_budget="agent-total",tollgate_agent="${agent}"} 100`,
      'tollgate_budget_limit_usd{tollgate_budget="writer-cap"} 0.15',
      "# TYPE tollgate_budget_reserved_usd gauge",
      `tollgate_budget_reserved_usd{tollgate_budget="agent-total",tollgate_agent="${agent}"} 0`,
      'tollgate_budget_reserved_usd{tollgate_budget="writer-cap"} 0',
      extra,
      "",
    ].join("\n"),
  );
}

import { CALL_LABELS, METRICS, type Metric, type MetricFamily } from "./catalogue.ts";
import { counter, gauge, histogram } from "./prometheus-name.ts";

const HEAD = `# Metrics in Prometheus

Made by \`pnpm grafana --write\` of the constants in \`@tollgate/core/semconv\`. How they are counted: [telemetry](telemetry.md).

Rules, dashboards and an Alertmanager configuration over them are in \`grafana/generated\`; what to do about each alert is in
[runbooks](runbooks/README.md). Thresholds and selectors are in \`grafana/src/config.ts\`.

## Labels

| label                                                                   | values                         | why                                                                             |
| ----------------------------------------------------------------------- | ------------------------------ | ------------------------------------------------------------------------------- |
| \`gen_ai_provider_name\`, \`gen_ai_request_model\`, \`gen_ai_response_model\` | what apps use                  | prices differ by them                                                           |
| \`tollgate_organization\`, \`tollgate_project\`, \`tollgate_agent\`           | what you name                  | who pays; \`metrics.labels\` in \`tollgate.yaml\` leaves them away                  |
| \`tollgate_budget\` and the keys of \`each:\`                               | declared budgets               | tasks, sessions and users are never labels: such a budget shows its highest use |
| \`tollgate_budget_scope\`                                                 | \`process\`, \`shared\`            | whether instances say the same (\`max\`) or add up (\`sum\`, the limit \`max\`)       |
| \`tollgate_cost_type\`, \`tollgate_outcome\`, \`error_type\`                  | few                            | what was billed, how it ended                                                   |
| \`otel_metric_overflow\`                                                  | \`true\`, on one series per kind | what came when all series were taken                                            |

Task, iteration, session, user and commit are on spans and in the ledger, not here: each of their values would be a series for ever.

An instrument has at most 1,900 series (\`metrics.maxSeries\`). What needs one more is added to a series that has \`otel_metric_overflow="true"\` and none of
the names: sums over everything stay right, and [TollgateCardinalityOverflow](runbooks/TollgateCardinalityOverflow.md) tells. Series that are there stay until
the process ends.

A histogram of seconds of the GenAI conventions has two names: the JavaScript exporter for Prometheus leaves the unit away, translators of OTLP
append \`_seconds\`. Rules and dashboards ask for both.

## Recipes

What was spent in a day, births of series included ([why](telemetry.md#totals-over-a-range)):

\`\`\`promql
sum(increase(tollgate_cost_usd_total[1d]))
  + sum(min_over_time(tollgate_cost_usd_total[1d]) unless tollgate_cost_usd_total offset 1d)
\`\`\`

US dollars an hour by project:

\`\`\`promql
3600 * sum by (tollgate_project) (rate(tollgate_cost_usd_total[15m]))
\`\`\`

What is left of a budget in a shared store:

\`\`\`promql
max by (tollgate_budget) (tollgate_budget_remaining_usd{tollgate_budget_scope="shared"})
\`\`\`

The same where each process keeps its own count:

\`\`\`promql
max by (tollgate_budget) (tollgate_budget_limit_usd) - sum by (tollgate_budget) (tollgate_budget_spent_usd + tollgate_budget_reserved_usd)
\`\`\`

The share of input that came from the cache:

\`\`\`promql
sum by (gen_ai_request_model) (rate(gen_ai_client_inference_usage_cache_read_input_tokens_total[1h]))
  / sum by (gen_ai_request_model) (rate(gen_ai_client_inference_usage_input_tokens_total[1h]))
\`\`\`

How long 95 % of the calls take, whichever name the histogram has:

\`\`\`promql
histogram_quantile(0.95, sum by (le) (rate({__name__=~"gen_ai_client_inference_duration(_seconds)?_bucket"}[5m])))
\`\`\`

Rules for the budgets of your own \`tollgate.yaml\` that list \`alertAt\`:

\`\`\`sh
pnpm grafana --rules tollgate.yaml > tollgate.rules.yaml
\`\`\`

## All of them

Those of calls: \`gen_ai_operation_name\`, \`gen_ai_provider_name\`, \`gen_ai_request_model\`, \`gen_ai_response_model\`, \`tollgate_organization\`,
\`tollgate_project\`, \`tollgate_agent\`. Histograms have \`_sum\` and \`_count\` besides their \`_bucket\`.
`;

/** docs/metrics.md. */
export function metricsPage(): string {
  return `${HEAD}${METRICS.map(section).join("")}`;
}

function section({ title, source, metrics }: MetricFamily): string {
  const lines = table(["metric", "kind", "unit", "Prometheus", "labels", "what"], metrics.map(row));
  return `\n### ${title}\n\nFrom ${source}.\n\n${lines.join("\n")}\n`;
}

function row(metric: Metric): readonly string[] {
  const { definition, kind, labels } = metric;
  const { name, unit, description } = definition;
  const isCall = CALL_LABELS.every((each) => labels.includes(each));
  const own = isCall ? labels.filter((each) => !CALL_LABELS.includes(each)) : labels;
  return [
    code(name),
    kind,
    unit === "" ? "" : code(unit),
    namesOf(metric).map(code).join(", "),
    [...(isCall ? ["those of calls"] : []), ...own.map(code)].join(", "),
    description,
  ];
}

function code(text: string): string {
  return text.includes(" ") ? text : `\`${text}\``;
}

function namesOf({ definition, kind }: Metric): readonly string[] {
  if (kind === "counter") return [counter(definition)];
  if (kind === "gauge") return [gauge(definition)];
  return histogram(definition).buckets;
}

/** Columns are as wide as their widest cell, as the formatter wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widthOf = (column: number): number =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0));
  const widths = head.map((_, column) => widthOf(column));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

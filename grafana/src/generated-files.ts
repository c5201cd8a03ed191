import { alertmanagerConfig } from "./alertmanager.ts";
import type { GrafanaConfig } from "./config.ts";
import { allDashboards } from "./dashboards/index.ts";
import { metricsPage } from "./metrics/metrics-page.ts";
import { generateRules } from "./rules/generate-rules.ts";

const NOTE = "# Made by `pnpm grafana --write`; edit grafana/src instead.\n";

/** Everything that is made and under version control: path from the root, and text. */
export function generatedFiles(config: GrafanaConfig): ReadonlyMap<string, string> {
  return new Map([
    ["docs/metrics.md", metricsPage()],
    ["grafana/generated/rules/tollgate.rules.yaml", NOTE + generateRules({ config })],
    ["grafana/generated/alertmanager/alertmanager.yaml", NOTE + alertmanagerConfig()],
    ...allDashboards().map((dashboard): [string, string] => [
      `grafana/generated/dashboards/${dashboard.uid}.json`,
      `${JSON.stringify(dashboard, undefined, 2)}\n`,
    ]),
  ]);
}

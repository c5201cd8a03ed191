import type { GrafanaConfig } from "../../config.ts";
import { ORGANIZATION, PROJECT } from "../../metrics/labels.ts";
import { SPEND_1H } from "../recording/records.ts";
import type { Alert } from "../rule.ts";

export function spendAlerts({ spend }: GrafanaConfig): readonly Alert[] {
  const unusual = `${SPEND_1H} > ${spend.anomalyRatio} * (${SPEND_1H} offset 1d)`;
  const sameLastWeek = `${spend.anomalyRatio} * (${SPEND_1H} offset 1w) >= ${SPEND_1H}`;
  return [
    {
      name: "TollgateSpendAnomaly",
      concern: "spend",
      severity: "warning",
      for: "10m",
      expr: `(${unusual} > ${spend.anomalyFloorUsd}) unless (${sameLastWeek})`,
      summary: `{{ $labels.${ORGANIZATION} }} {{ $labels.${PROJECT} }} spent \${{ $value | humanize }} in an hour, more than ${spend.anomalyRatio} times as much as yesterday`,
      description:
        "Neither the same hour of the day before nor that of the week before was like it. Whoever has no yesterday is not looked at.",
    },
  ];
}

import type { GrafanaConfig } from "../../config.ts";
import { AGENT, MODEL, ORGANIZATION, OUTCOME, PROJECT, PROVIDER } from "../../metrics/labels.ts";
import { CACHE_READ_TOKENS, COST, INPUT_TOKENS, REQUESTS } from "../../metrics/names.ts";
import { ratio, select, sumRate, total } from "../../promql/promql.ts";
import type { RecordingRule } from "../rule.ts";
import { CACHE_SHARE, REQUEST_RATE, SPEND_1H, SPEND_RATE } from "./records.ts";

export function usageRecords({ selector }: GrafanaConfig): readonly RecordingRule[] {
  const cost = select(COST, selector);
  const perModel = [PROVIDER, MODEL];
  return [
    { record: SPEND_1H, expr: total(cost, "1h", [ORGANIZATION, PROJECT]) },
    { record: SPEND_RATE, expr: sumRate(cost, "5m", [ORGANIZATION, PROJECT, AGENT, MODEL]) },
    {
      record: REQUEST_RATE,
      expr: sumRate(select(REQUESTS, selector), "5m", [...perModel, OUTCOME]),
    },
    {
      record: CACHE_SHARE,
      expr: ratio(
        sumRate(select(CACHE_READ_TOKENS, selector), "1h", perModel),
        sumRate(select(INPUT_TOKENS, selector), "1h", perModel),
      ),
    },
  ];
}

import type { GrafanaConfig } from "../../config.ts";
import { ERROR_TYPE, MODEL, OUTCOME, PROVIDER } from "../../metrics/labels.ts";
import { DURATION, INPUT_TOKENS, REQUESTS } from "../../metrics/names.ts";
import { observationTotal, ratio, select, total } from "../../promql/promql.ts";
import { CACHE_SHARE } from "../recording/records.ts";
import type { Alert } from "../rule.ts";
import { THE_MODEL } from "./who.ts";

const PER_MODEL = [PROVIDER, MODEL];

export function providerAlerts({ selector, provider }: GrafanaConfig): readonly Alert[] {
  const requests = (matcher: string): string =>
    total(select(REQUESTS, selector, matcher), "10m", PER_MODEL);
  const ended = requests(`${OUTCOME}=~"ok|error"`);
  const answered = observationTotal(DURATION, "10m", [selector], PER_MODEL);
  const limited = observationTotal(
    DURATION,
    "10m",
    [selector, `${ERROR_TYPE}=~"${provider.rateLimitErrors}"`],
    PER_MODEL,
  );
  return [
    {
      name: "TollgateErrorRateHigh",
      concern: "provider",
      severity: "critical",
      for: "5m",
      expr: `${ratio(requests(`${OUTCOME}="error"`), ended)} > ${provider.errorShare} and ${ended} >= ${provider.leastRequests}`,
      summary: `{{ $value | humanizePercentage }} of the calls of ${THE_MODEL} fail`,
      description:
        "Refusals of budgets are not among them. Clients that try again make more calls, and those that are billed cost.",
    },
    {
      name: "TollgateProviderRateLimited",
      concern: "provider",
      severity: "warning",
      for: "5m",
      expr: `${ratio(`(${limited})`, `(${answered})`)} > ${provider.rateLimitedShare} and (${answered}) >= ${provider.leastRequests}`,
      summary: `${THE_MODEL} turns away {{ $value | humanizePercentage }} of the calls`,
      description:
        "The provider says that it is asked too often or is overloaded. A throttling budget spreads calls better than clients that try again.",
    },
    {
      name: "TollgateCacheRatioDropped",
      concern: "provider",
      severity: "warning",
      for: "30m",
      expr: `${CACHE_SHARE} < ${provider.cacheDrop} * (${CACHE_SHARE} offset 1d > ${provider.cacheWorthwhile}) and on (${PER_MODEL.join(", ")}) ${total(select(INPUT_TOKENS, selector), "1h", PER_MODEL)} > 0`,
      summary: `Only {{ $value | humanizePercentage }} of the input of ${THE_MODEL} comes from its cache, less than half as much as yesterday`,
      description:
        "Cached input costs a tenth to a half. Usually the beginning of the prompts has changed: a date, an id, another order of tools.",
    },
  ];
}

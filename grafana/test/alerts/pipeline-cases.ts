import { BUDGET, type AlertCase, type Series } from "./alert-case.ts";

const collector = (values: Readonly<Record<string, string>>, what = "requests"): Series =>
  Object.fromEntries(
    Object.entries(values).map(([outcome, series]) => [
      `tollgate_collector_${what}_total{tollgate_collector_signal="traces",tollgate_outcome="${outcome}"}`,
      series,
    ]),
  );

const divergence = (amount: number): Series => ({
  [`tollgate_budget_limit_usd{${BUDGET}}`]: "100x60",
  [`tollgate_budget_divergence_usd{${BUDGET}}`]: `${amount}x60`,
});

export const PIPELINE_CASES: readonly AlertCase[] = [
  {
    alert: "TollgateBudgetStoreDown",
    fires: {
      when: "the store keeps failing",
      series: { tollgate_budget_store_errors_total: "0+1x30" },
      at: "10m",
    },
    silent: [
      {
        when: "it failed and answers again",
        series: { tollgate_budget_store_errors_total: "0+1x3 3x30" },
        at: "12m",
      },
    ],
  },
  {
    alert: "TollgateBudgetFailOpen",
    fires: {
      when: "calls pass because the store is away",
      series: {
        'tollgate_budget_decisions_total{tollgate_budget_action="allow",tollgate_budget_reason="store_unavailable"}':
          "_x5 1x10",
      },
      at: "7m",
    },
    silent: [
      {
        when: "they pass because they fit",
        series: {
          'tollgate_budget_decisions_total{tollgate_budget_action="allow",tollgate_budget_reason="fits"}':
            "0+9x10",
        },
        at: "7m",
      },
    ],
  },
  {
    alert: "TollgateReservationLeak",
    fires: {
      when: "dollars are charged for calls that never ended",
      series: { 'tollgate_budget_presumed_usd_total{tollgate_budget="team"}': "0+0.1x60" },
      at: "40m",
    },
    silent: [
      {
        when: "a process crashed once, which cost cents",
        series: { 'tollgate_budget_presumed_usd_total{tollgate_budget="team"}': "0x10 0.05x60" },
        at: "40m",
      },
      {
        when: "calls are under way all the time",
        series: {
          [`tollgate_budget_reserved_usd{${BUDGET}}`]: "2x60",
          'tollgate_requests_total{tollgate_outcome="ok"}': "0+4x60",
        },
        at: "40m",
      },
    ],
  },
  {
    alert: "TollgateReservationLeak",
    fires: {
      when: "something is held for half an hour in which no call ends",
      series: {
        [`tollgate_budget_reserved_usd{${BUDGET}}`]: "2x60",
        'tollgate_requests_total{tollgate_outcome="ok"}': "4x60",
      },
      at: "40m",
    },
    silent: [],
  },
  {
    alert: "TollgateLedgerMetricsDivergence",
    fires: { when: "metrics lack a tenth of the limit", series: divergence(-10), at: "30m" },
    silent: [{ when: "metrics lag by a cent", series: divergence(-0.01), at: "30m" }],
  },
  {
    alert: "TollgateAggregatesStale",
    fires: {
      when: "Prometheus does not answer for ten minutes",
      series: { 'tollgate_budget_aggregates_age_seconds{tollgate_budget="team"}': "0+60x30" },
      at: "15m",
    },
    silent: [
      {
        when: "it is read every minute",
        series: { 'tollgate_budget_aggregates_age_seconds{tollgate_budget="team"}': "30x30" },
        at: "15m",
      },
    ],
  },
  {
    alert: "TollgateCardinalityOverflow",
    fires: {
      when: "calls go to the overflow series",
      series: {
        'tollgate_requests_total{otel_metric_overflow="true",tollgate_outcome="ok"}': "_x5 3x60",
      },
      at: "30m",
    },
    silent: [
      {
        when: "every series has its labels",
        series: { 'tollgate_requests_total{tollgate_outcome="ok"}': "0+9x60" },
        at: "30m",
      },
    ],
  },
  {
    alert: "TollgateCollectorDown",
    fires: {
      when: "it is not there",
      series: { 'up{job="tollgate-collector",instance="a"}': "1x5 0x20" },
      at: "15m",
    },
    silent: [
      {
        when: "it restarts",
        series: { 'up{job="tollgate-collector",instance="a"}': "1x5 0x2 1x20" },
        at: "15m",
      },
      {
        when: "something else is not there",
        series: { 'up{job="web",instance="a"}': "0x30" },
        at: "15m",
      },
    ],
  },
  {
    alert: "TollgateCollectorDropping",
    fires: {
      when: "a tenth of the requests is refused",
      series: collector({ accepted: "0+9x60", busy: "0+1x60" }),
      at: "30m",
    },
    silent: [
      { when: "all are taken", series: collector({ accepted: "0+9x60", busy: "0x60" }), at: "30m" },
      {
        when: "senders leave",
        series: collector({ accepted: "0+9x60", gone: "0+1x60" }),
        at: "30m",
      },
    ],
  },
  {
    alert: "TollgateCollectorDropping",
    fires: {
      when: "a tenth of the records cannot be used",
      series: collector({ accepted: "0+9x60", rejected: "0+1x60" }, "records"),
      at: "30m",
    },
    silent: [],
  },
];

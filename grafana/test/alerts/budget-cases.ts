import { BUDGET, type AlertCase, type Series } from "./alert-case.ts";

/** A budget of $100 a day that began at 0 and lasts as long as it says. */
function daily(spent: string, startSeconds = 0, more: Series = {}): Series {
  return {
    [`tollgate_budget_limit_usd{${BUDGET}}`]: "100x2000",
    [`tollgate_budget_spent_usd{${BUDGET}}`]: spent,
    [`tollgate_budget_window_start_seconds{${BUDGET}}`]: `${startSeconds}x2000`,
    [`tollgate_budget_window_end_seconds{${BUDGET}}`]: `${startSeconds + 86_400}x2000`,
    ...more,
  };
}

const utilization = (values: string): Series => ({
  [`tollgate_budget_utilization{${BUDGET}}`]: values,
});

export const BUDGET_CASES: readonly AlertCase[] = [
  {
    alert: "TollgateBudgetSoftLimit",
    fires: { when: "a budget is used to 85 %", series: utilization("0.85x10"), at: "5m" },
    silent: [
      { when: "it is used to 79 %", series: utilization("0.79x10"), at: "5m" },
      {
        when: "holds touched the limit for a minute",
        series: utilization("0.5x3 0.9 0.5x6"),
        at: "8m",
      },
    ],
  },
  {
    alert: "TollgateBudgetExhausted",
    fires: {
      when: "so little is left that no call fits",
      series: utilization("0.995x10"),
      at: "5m",
    },
    silent: [
      { when: "a little is left", series: utilization("0.98x10"), at: "5m" },
      { when: "a new window has begun", series: utilization("1x10 0x10"), at: "12m" },
    ],
  },
  {
    alert: "TollgateBudgetProjectedOverrun",
    stepMinutes: 10,
    fires: { when: "half is spent after a third of the day", series: daily("0+1x60"), at: "8h" },
    silent: [
      { when: "the day has just begun", series: daily("0+2x60"), at: "2h" },
      {
        when: "half is spent after two thirds of the day",
        series: daily("0+0.5x120"),
        at: "16h",
      },
      { when: "the limit is reached: another alert says so", series: daily("100x1000"), at: "8h" },
    ],
  },
  {
    alert: "TollgateBudgetBurningFast",
    fires: { when: "a day's budget would last an hour", series: daily("0+2x120"), at: "30m" },
    silent: [
      { when: "the burst is over", series: daily("0+4x15 60x60"), at: "24m" },
      {
        when: "the window ends before the limit is reached",
        series: daily("0+1.2x60", -85_000),
        at: "20m",
      },
      { when: "a charge was corrected downwards", series: daily("60x60 59x60"), at: "70m" },
      { when: "the window has just begun anew", series: daily("90x20 1x20"), at: "25m" },
    ],
  },
  {
    alert: "TollgateBudgetBurningSlow",
    stepMinutes: 5,
    fires: { when: "a day's budget would last six hours", series: daily("0+1.4x60"), at: "2h" },
    silent: [
      { when: "it is used evenly", series: daily("0+0.3x120"), at: "8h" },
      { when: "nothing is spent any more", series: daily("0+1.5x24 36x120"), at: "6h" },
    ],
  },
  {
    alert: "TollgateRequestsBlocked",
    fires: {
      when: "the first refusals come, in a series that is new",
      series: {
        'tollgate_budget_decisions_total{tollgate_budget="team",tollgate_budget_action="deny",tollgate_budget_reason="exceeded"}':
          "_x10 3x20",
      },
      at: "15m",
    },
    silent: [
      {
        when: "calls are only slowed down",
        series: {
          'tollgate_budget_decisions_total{tollgate_budget="team",tollgate_budget_action="throttle",tollgate_budget_reason="paced"}':
            "0+1x30",
        },
        at: "15m",
      },
      {
        when: "the refusals are an hour old",
        series: {
          'tollgate_budget_decisions_total{tollgate_budget="team",tollgate_budget_action="deny",tollgate_budget_reason="exceeded"}':
            "0+1x5 5x60",
        },
        at: "60m",
      },
    ],
  },
  {
    alert: "TollgateBudgetOverrun",
    fires: {
      when: "calls cost $6 more than they held",
      series: { 'tollgate_budget_overrun_usd_total{tollgate_budget="team"}': "0+0.1x60" },
      at: "60m",
    },
    silent: [
      {
        when: "it is a matter of cents",
        series: { 'tollgate_budget_overrun_usd_total{tollgate_budget="team"}': "0+0.001x60" },
        at: "60m",
      },
    ],
  },
  {
    alert: "TollgateBudgetThreshold",
    fires: {
      when: "the budget that asks to be told at 60 % is there",
      series: {
        'tollgate_budget_limit_usd{tollgate_budget="own",tollgate_budget_scope="shared"}': "10x10",
        'tollgate_budget_spent_usd{tollgate_budget="own",tollgate_budget_scope="shared"}': "6.5x10",
      },
      at: "5m",
    },
    silent: [
      { when: "another budget is there", series: daily("65x10"), at: "5m" },
      {
        when: "calls under way hold it, and nothing is spent",
        series: {
          'tollgate_budget_limit_usd{tollgate_budget="own",tollgate_budget_scope="shared"}':
            "10x10",
          'tollgate_budget_spent_usd{tollgate_budget="own",tollgate_budget_scope="shared"}': "0x10",
          'tollgate_budget_reserved_usd{tollgate_budget="own",tollgate_budget_scope="shared"}':
            "9x10",
        },
        at: "5m",
      },
    ],
  },
];

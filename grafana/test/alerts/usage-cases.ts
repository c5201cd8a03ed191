import type { AlertCase, Series } from "./alert-case.ts";

const MODEL = 'gen_ai_provider_name="openai",gen_ai_request_model="gpt-5-mini"';
const COST = 'tollgate_cost_usd_total{tollgate_organization="acme",tollgate_project="atlas"}';

const requests = (outcomes: Readonly<Record<string, string>>): Series =>
  Object.fromEntries(
    Object.entries(outcomes).map(([outcome, values]) => [
      `tollgate_requests_total{${MODEL},tollgate_outcome="${outcome}"}`,
      values,
    ]),
  );

const durations = (error: string, values: string, suffix = ""): Series => ({
  [`gen_ai_client_inference_duration${suffix}_count{${MODEL}}`]: "0+5x60",
  [`gen_ai_client_inference_duration${suffix}_count{${MODEL},error_type="${error}"}`]: values,
});

const cache = (read: string): Series => ({
  [`gen_ai_client_inference_usage_input_tokens_total{${MODEL}}`]: "0+1000x175",
  [`gen_ai_client_inference_usage_cache_read_input_tokens_total{${MODEL}}`]: read,
});

export const USAGE_CASES: readonly AlertCase[] = [
  {
    alert: "TollgateSpendAnomaly",
    stepMinutes: 10,
    fires: {
      when: "an hour costs ten times as much as yesterday's",
      series: { [COST]: "0+0.5x144 72+5x30" },
      at: "26h",
    },
    silent: [
      { when: "it costs as much as yesterday", series: { [COST]: "0+5x180" }, at: "26h" },
      {
        when: "it costs ten times next to nothing",
        series: { [COST]: "0+0.01x144 1.4+0.1x30" },
        at: "26h",
      },
      { when: "there is no yesterday", series: { [COST]: "0+5x30" }, at: "4h" },
      {
        when: "it was like that a week ago, as on every Monday",
        series: { [COST]: "0+5x30 150+0.5x978 639+5x30" },
        at: "170h",
      },
    ],
  },
  {
    alert: "TollgateUnpricedModel",
    fires: {
      when: "one call has no price, the first ever",
      series: { [`tollgate_requests_unpriced_total{${MODEL}}`]: "_x10 1x20" },
      at: "15m",
    },
    silent: [
      {
        when: "a price was added an hour ago",
        series: { [`tollgate_requests_unpriced_total{${MODEL}}`]: "0+1x10 10x80" },
        at: "80m",
      },
    ],
  },
  {
    alert: "TollgatePricedByPrefix",
    fires: {
      when: "a model is priced like its family",
      series: { [`tollgate_requests_prefix_priced_total{${MODEL}}`]: "0+1x60" },
      at: "30m",
    },
    silent: [
      {
        when: "nothing was for hours",
        series: { [`tollgate_requests_prefix_priced_total{${MODEL}}`]: "4x200" },
        at: "180m",
      },
    ],
  },
  {
    alert: "TollgatePricesStale",
    fires: {
      when: "prices are a hundred days old",
      series: { tollgate_prices_age_seconds: "8640000+60x120" },
      at: "90m",
    },
    silent: [
      {
        when: "they are a month old",
        series: { tollgate_prices_age_seconds: "2592000+60x120" },
        at: "90m",
      },
    ],
  },
  {
    alert: "TollgateEstimatedShareHigh",
    fires: {
      when: "half of the calls are estimated",
      series: {
        ...requests({ ok: "0+2x120" }),
        [`tollgate_requests_estimated_total{${MODEL}}`]: "0+1x120",
      },
      at: "100m",
    },
    silent: [
      {
        when: "one in twenty is",
        series: {
          ...requests({ ok: "0+20x120" }),
          [`tollgate_requests_estimated_total{${MODEL}}`]: "0+1x120",
        },
        at: "100m",
      },
      {
        when: "there are hardly any calls",
        series: {
          ...requests({ ok: "0x60 1x60" }),
          [`tollgate_requests_estimated_total{${MODEL}}`]: "0x60 1x60",
        },
        at: "100m",
      },
    ],
  },
  {
    alert: "TollgateErrorRateHigh",
    fires: {
      when: "a tenth fails",
      series: requests({ ok: "0+9x60", error: "0+1x60" }),
      at: "30m",
    },
    silent: [
      {
        when: "one in a hundred fails",
        series: requests({ ok: "0+99x60", error: "0+1x60" }),
        at: "30m",
      },
      { when: "budgets refuse", series: requests({ ok: "0+9x60", refused: "0+9x60" }), at: "30m" },
      { when: "apps give up", series: requests({ ok: "0+9x60", cancelled: "0+9x60" }), at: "30m" },
      {
        when: "one of two calls fails",
        series: requests({ ok: "1x60", error: "0 1x60" }),
        at: "8m",
      },
    ],
  },
  {
    alert: "TollgateProviderRateLimited",
    fires: { when: "a sixth gets 429", series: durations("429", "0+1x60"), at: "30m" },
    silent: [
      { when: "other errors come", series: durations("500", "0+1x60"), at: "30m" },
      { when: "hardly any gets 429", series: durations("429", "0x60"), at: "30m" },
    ],
  },
  {
    alert: "TollgateProviderRateLimited",
    fires: {
      when: "the histogram's name ends in its unit, as translators write it",
      series: durations("rate_limit_error", "0+1x60", "_seconds"),
      at: "30m",
    },
    silent: [],
  },
  {
    alert: "TollgateCacheRatioDropped",
    stepMinutes: 10,
    fires: {
      when: "80 % came from the cache yesterday, and 10 % does now",
      series: cache("0+800x144 115200+100x30"),
      at: "28h",
    },
    silent: [
      { when: "it is as it was", series: cache("0+800x170"), at: "28h" },
      {
        when: "the cache was of little use before",
        series: cache("0+100x144 14400+10x30"),
        at: "28h",
      },
    ],
  },
];

import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";
import { FROM_ZERO, NO_FEES } from "../src/rates.ts";
import {
  bothConditions,
  priceAt,
  readCondition,
  type PriceCondition,
  type PriceSchedule,
  type ScheduledPrice,
} from "../src/schedule.ts";

const ORIGIN = { priceSource: "catalogue" } as const;
const RATES = {
  input: 1,
  cacheRead: 1,
  cacheWrite: 1,
  cacheWrite1h: 1,
  audioInput: 1,
  audioCacheRead: 1,
  imageInput: 1,
  imageCacheRead: 1,
  videoInput: 1,
  output: 1,
  reasoning: 1,
  audioOutput: 1,
  imageOutput: 1,
};

function price(perRequest: number, condition: PriceCondition = {}): ScheduledPrice {
  const tiers = [{ aboveInputTokens: FROM_ZERO, rates: RATES }] as const;
  const fees = { ...NO_FEES, request: perRequest };
  return { condition, table: { tiers, tierMode: "request", fees }, origin: ORIGIN };
}

const from = (start_date: string): PriceCondition =>
  readCondition({ type: "start_date", start_date });

function daily(start_time: string, end_time: string): PriceSchedule {
  return [price(1), price(2, readCondition({ type: "time_of_date", start_time, end_time }))];
}

const at = (schedule: PriceSchedule, time: string): number | undefined =>
  priceAt(schedule, Date.parse(time))?.table?.fees.request;

describe("prices by the hour", () => {
  it("hold from their start up to, but without, their end", () => {
    const schedule = daily("00:30:00Z", "16:30:00Z");
    expect(at(schedule, "2026-01-01T00:29:59.999Z")).toBe(1);
    expect(at(schedule, "2026-01-01T00:30:00Z")).toBe(2);
    expect(at(schedule, "2026-01-01T16:29:59.999Z")).toBe(2);
    expect(at(schedule, "2026-01-01T16:30:00Z")).toBe(1);
  });

  it("may go over midnight", () => {
    const schedule = daily("22:00:00Z", "06:00:00Z");
    expect(at(schedule, "2026-01-01T23:00:00Z")).toBe(2);
    expect(at(schedule, "2026-01-01T05:59:59Z")).toBe(2);
    expect(at(schedule, "2026-01-01T06:00:00Z")).toBe(1);
  });

  it("may be in another zone", () => {
    const schedule = daily("08:00:00+08:00", "10:00:00.5+08:00");
    expect(at(schedule, "2026-01-01T00:00:00Z")).toBe(2);
    expect(at(schedule, "2026-01-01T02:00:00.499Z")).toBe(2);
    expect(at(schedule, "2026-01-01T02:00:00.500Z")).toBe(1);
    const west = daily("20:00:00-05:00", "21:00:00-05:00");
    expect(at(west, "2026-01-01T01:30:00Z")).toBe(2);
  });

  it("never hold in a notation that is not known", () => {
    const schedule = daily("8 am", "9 am");
    expect(at(schedule, "2026-01-01T08:30:00Z")).toBe(1);
  });

  it("hold before 1970 as well, for whoever passes such a time", () => {
    expect(at(daily("22:00:00Z", "23:00:00Z"), "1969-12-31T22:30:00Z")).toBe(2);
  });
});

describe("price changes", () => {
  it("the last whose condition holds is in force", () => {
    const schedule: PriceSchedule = [
      price(1),
      price(2, from("2026-02-01")),
      price(3, from("2026-03-01")),
    ];
    expect(at(schedule, "2020-01-01T00:00:00Z")).toBe(1);
    expect(at(schedule, "2026-02-28T23:59:59.999Z")).toBe(2);
    expect(at(schedule, "2026-03-01T00:00:00Z")).toBe(3);
  });

  it("end before their last moment", () => {
    const schedule = [price(1), price(2, { untilMs: Date.parse("2026-03-01") })];
    expect(at(schedule, "2026-02-28T23:59:59.999Z")).toBe(2);
    expect(at(schedule, "2026-03-01T00:00:00Z")).toBe(1);
  });

  it("may be for working days alone", () => {
    const hours = { fromMs: 3_600_000, toMs: 7_200_000, weekdaysOnly: true };
    const schedule = [price(1), price(2, { daily: hours })];
    expect(at(schedule, "2026-11-20T01:30:00Z")).toBe(2);
    expect(at(schedule, "2026-11-21T01:30:00Z")).toBe(1);
    expect(at(schedule, "2026-11-22T01:30:00Z")).toBe(1);
    expect(at(schedule, "2026-11-23T01:30:00Z")).toBe(2);
  });

  it("two conditions in one hold where both do", () => {
    const both = bothConditions({ fromMs: 10, untilMs: 30 }, { fromMs: 20, untilMs: 40 });
    const schedule = [price(1), price(2, both)];
    const fees = [19, 20, 29, 30].map((time) => priceAt(schedule, time)?.table?.fees.request);
    expect(fees).toEqual([1, 2, 2, 1]);
  });

  it("a model without any prices has no price at any time", () => {
    expect(priceAt([], 0)).toBeUndefined();
    expect(createPricer().contextWindow("nobody", "nothing")).toBeUndefined();
  });
});

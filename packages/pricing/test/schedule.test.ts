import { describe, expect, it } from "vitest";
import { createPricer } from "../src/index.ts";
import { readCondition, tableAt, type PriceSchedule } from "../src/schedule.ts";

const table = (picoUsdPerRequest: number): PriceSchedule[number]["table"] => ({
  tiers: [
    {
      aboveInputTokens: -1,
      rates: {
        input: 1,
        cacheRead: 1,
        cacheWrite: 1,
        cacheWrite1h: 1,
        audioInput: 1,
        audioCacheRead: 1,
        imageInput: 1,
        imageCacheRead: 1,
        output: 1,
        reasoning: 1,
        audioOutput: 1,
        imageOutput: 1,
      },
    },
  ],
  picoUsdPerRequest,
  picoUsdPerWebSearch: undefined,
});

function daily(start_time: string, end_time: string): PriceSchedule {
  return [
    { condition: { kind: "always" }, table: table(1) },
    { condition: readCondition({ type: "time_of_date", start_time, end_time }), table: table(2) },
  ];
}

const at = (schedule: PriceSchedule, time: string): number | undefined =>
  tableAt(schedule, Date.parse(time))?.picoUsdPerRequest;

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
  it("the last whose condition holds is in force, the first before any does", () => {
    const schedule: PriceSchedule = [
      {
        condition: readCondition({ type: "start_date", start_date: "2026-01-01" }),
        table: table(1),
      },
      {
        condition: readCondition({ type: "start_date", start_date: "2026-02-01" }),
        table: table(2),
      },
      {
        condition: readCondition({ type: "start_date", start_date: "2026-03-01" }),
        table: table(3),
      },
    ];
    expect(at(schedule, "2020-01-01T00:00:00Z")).toBe(1);
    expect(at(schedule, "2026-02-28T23:59:59.999Z")).toBe(2);
    expect(at(schedule, "2026-03-01T00:00:00Z")).toBe(3);
  });

  it("a model without any prices has no price at any time", () => {
    expect(tableAt([], 0)).toBeUndefined();
    expect(createPricer().contextWindow("nobody", "nothing")).toBeUndefined();
  });
});

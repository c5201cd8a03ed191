import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  counter,
  hold,
  openFixture,
  TTL_MS,
  type OpenStore,
  type StoreFixture,
} from "../store-fixture.ts";
import type { CalendarPeriod } from "../../window/window.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOON = Date.UTC(2026, 2, 4, 12);

/** Windows come from the clock and the zone; spend stays in the window it was reserved in. */
export function describeWindows(open: OpenStore): void {
  describe("windows", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    test.each<[CalendarPeriod, string, number]>([
      ["day", "UTC", Date.UTC(2026, 2, 5)],
      ["day", "America/New_York", Date.UTC(2026, 2, 5, 5)],
      ["week", "Europe/Berlin", Date.UTC(2026, 2, 8, 23)],
      // Clocks go forward on 29 March: the month ends at 22:00 UTC.
      ["month", "Europe/Berlin", Date.UTC(2026, 2, 31, 22)],
    ])("a %s in %s ends at its midnight", async (period, timezone, endMs) => {
      const daily = counter({ window: { kind: "calendar", period, timezone } });
      await fixture.spend(daily, 100);
      fixture.clock.set(endMs - 1);
      expect(await fixture.reserve("late", hold(daily, 1))).toMatchObject({
        refusals: [{ resetsAtMs: endMs }],
      });
      expect(await fixture.state(daily)).toEqual({ spent: 100, reserved: 0 });
      fixture.clock.set(endMs);
      expect(await fixture.state(daily)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.reserve("next", hold(daily, 100))).toMatchObject({ outcome: "granted" });
    });

    test("spend books to the window of its reservation", async () => {
      const daily = counter();
      fixture.clock.set(Date.UTC(2026, 2, 4, 23, 59, 50));
      await fixture.reserve("a", hold(daily, 80));
      fixture.clock.advance(20_000);
      expect(await fixture.reserve("b", hold(daily, 100))).toMatchObject({ outcome: "granted" });
      await fixture.settle("a", 80);
      expect(await fixture.state(daily)).toEqual({ spent: 0, reserved: 100 });
    });

    test("a clock that steps back over midnight finds the day as it was", async () => {
      const daily = counter();
      fixture.clock.set(Date.UTC(2026, 2, 4, 23, 59, 59));
      await fixture.spend(daily, 70);
      fixture.clock.advance(2_000);
      await fixture.spend(daily, 5);
      fixture.clock.advance(-2_000);
      expect(await fixture.reserve("a", hold(daily, 31))).toMatchObject({
        refusals: [{ remaining: 30 }],
      });
      fixture.clock.advance(2_000);
      expect(await fixture.state(daily)).toEqual({ spent: 5, reserved: 0 });
    });

    test("a rolling window counts for at least its duration and at most one bucket more", async () => {
      const hourly = counter({ window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 } });
      fixture.clock.set(NOON + 9 * MINUTE_MS);
      await fixture.spend(hourly, 60);
      fixture.clock.set(NOON + 45 * MINUTE_MS);
      await fixture.spend(hourly, 40);
      fixture.clock.set(NOON + 69 * MINUTE_MS);
      expect(await fixture.state(hourly)).toEqual({ spent: 100, reserved: 0 });
      fixture.clock.set(NOON + 70 * MINUTE_MS);
      expect(await fixture.state(hourly)).toEqual({ spent: 40, reserved: 0 });
      expect(await fixture.reserve("a", hold(hourly, 60))).toMatchObject({ outcome: "granted" });
    });

    test("a rolling window says when enough of it will have left", async () => {
      const hourly = counter({ window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 } });
      await fixture.spend(hourly, 60);
      fixture.clock.set(NOON + 45 * MINUTE_MS);
      await fixture.spend(hourly, 40);
      expect(await fixture.reserve("a", hold(hourly, 60))).toMatchObject({
        refusals: [{ resetsAtMs: NOON + 70 * MINUTE_MS }],
      });
      expect(await fixture.reserve("b", hold(hourly, 61))).toMatchObject({
        refusals: [{ resetsAtMs: NOON + 110 * MINUTE_MS }],
      });
      expect(await fixture.reserve("c", hold(hourly, 101))).toMatchObject({
        refusals: [{ resetsAtMs: undefined }],
      });
    });

    test("what is settled after it left a rolling window no longer counts", async () => {
      const hourly = counter({ window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 } });
      await fixture.store.reserve({
        leaseId: "a",
        ttlMs: 10 * HOUR_MS,
        holds: [hold(hourly, 60)],
      });
      fixture.clock.set(NOON + 2 * HOUR_MS);
      expect(await fixture.state(hourly)).toEqual({ spent: 0, reserved: 0 });
      await fixture.settle("a", 60);
      expect(await fixture.state(hourly)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.reserve("b", hold(hourly, 100))).toMatchObject({ outcome: "granted" });
    });

    test("a task's window ends when nothing was asked for its idle time", async () => {
      const task = counter({ window: { kind: "task", idleMs: HOUR_MS } });
      await fixture.spend(task, 60);
      fixture.clock.advance(HOUR_MS - 1);
      await fixture.spend(task, 40);
      fixture.clock.advance(HOUR_MS - 1);
      expect(await fixture.state(task)).toEqual({ spent: 100, reserved: 0 });
      fixture.clock.advance(1);
      expect(await fixture.state(task)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.reserve("a", hold(task, 100))).toMatchObject({ outcome: "granted" });
    });

    test("a task that keeps being refused keeps its window", async () => {
      const task = counter({ window: { kind: "task", idleMs: HOUR_MS } });
      await fixture.spend(task, 100);
      for (let hours = 0; hours < 5; hours++) {
        fixture.clock.advance(HOUR_MS - 1);
        // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
        expect(await fixture.reserve(`try-${hours}`, hold(task, 1))).toMatchObject({
          refusals: [{ remaining: 0, resetsAtMs: undefined }],
        });
      }
    });

    test("a task with a call under way is not idle, also when it holds nothing", async () => {
      const task = counter({ window: { kind: "task", idleMs: HOUR_MS } });
      await fixture.spend(task, 40);
      await fixture.store.reserve({
        leaseId: "long",
        ttlMs: 10 * HOUR_MS,
        holds: [hold(task, 0, "unspent")],
      });
      fixture.clock.advance(3 * HOUR_MS);
      expect(await fixture.reserve("a", hold(task, 61))).toMatchObject({ outcome: "refused" });
      fixture.clock.advance(3 * HOUR_MS);
      await fixture.settle("long", 5);
      fixture.clock.advance(HOUR_MS - 1);
      expect(await fixture.state(task)).toEqual({ spent: 45, reserved: 0 });
    });

    test("a total window never ends", async () => {
      const total = counter({ window: { kind: "total" } });
      await fixture.spend(total, 100);
      fixture.clock.set(Date.UTC(2096, 0, 1));
      expect(await fixture.reserve("a", hold(total, 1))).toMatchObject({
        refusals: [{ remaining: 0, resetsAtMs: undefined }],
      });
      expect(await fixture.fullState(total)).toMatchObject({
        spent: 100,
        windowStartMs: undefined,
        windowEndMs: undefined,
      });
    });

    test("spend of a call that held nothing is kept while nothing else happens", async () => {
      const total = counter({ window: { kind: "total" } });
      await fixture.reserve("a", hold(total, 0, "unspent"));
      // Whatever tidies up between has its chance.
      for (let other = 0; other < 20; other++) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await fixture.spend(counter({ budget: `other-${other}` }), 1);
      }
      await fixture.store.states();
      await fixture.settle("a", 30);
      expect(await fixture.state(total)).toEqual({ spent: 30, reserved: 0 });
    });

    test("the late end of a call that held nothing is kept too", async () => {
      const total = counter({ window: { kind: "total" } });
      await fixture.reserve("a", hold(total, 0, "unspent"));
      fixture.clock.advance(3 * HOUR_MS);
      await fixture.store.states();
      await fixture.store.states();
      await fixture.settle("a", 30);
      expect(await fixture.state(total)).toEqual({ spent: 30, reserved: 0 });
    });

    test("an expired lease is charged to the window of its reservation", async () => {
      const daily = counter();
      fixture.clock.set(Date.UTC(2026, 2, 4, 23, 59, 50));
      await fixture.reserve("a", hold(daily, 80));
      fixture.clock.advance(TTL_MS);
      expect((await fixture.store.states()).notices).toMatchObject([{ kind: "presumed" }]);
      expect(await fixture.state(daily)).toEqual({ spent: 0, reserved: 0 });
    });
  });
}

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counter, hold, openFixture, type OpenStore, type StoreFixture } from "../store-fixture.ts";

const NOON = Date.UTC(2026, 2, 4, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** More allowance for the running window. */
export function describeTopUps(open: OpenStore): void {
  describe("top-ups", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const daily = counter();

    test("a top-up makes room for as much more, and shows beside the spend", async () => {
      await fixture.spend(daily, 100);
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      expect(await fixture.fullState(daily)).toMatchObject({ spent: 100, reserved: 0, extra: 50 });
      expect(await fixture.reserve("a", hold(daily, 51))).toMatchObject({
        refusals: [{ limit: 150, remaining: 50 }],
      });
      expect(await fixture.reserve("a", hold(daily, 50))).toMatchObject({ remaining: [0] });
      expect(await fixture.reserve("b", hold(daily, 0, "unspent"))).toMatchObject({
        outcome: "granted",
      });
    });

    test("several add up; one id is given once", async () => {
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      await fixture.store.topUp({ id: "u", counter: daily, amount: 7 });
      expect(await fixture.fullState(daily)).toMatchObject({ spent: 0, extra: 57 });
      fixture.clock.advance(23 * HOUR_MS);
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      expect(await fixture.reserve("a", hold(daily, 101))).toMatchObject({
        refusals: [{ limit: 100 }],
      });
    });

    test("it comes on top of another limit in force", async () => {
      await fixture.store.control(daily.controls[1] ?? "", { limit: 20 });
      await fixture.store.topUp({ id: "t", counter: daily, amount: 5 });
      expect(await fixture.reserve("a", hold(daily, 26))).toMatchObject({
        refusals: [{ limit: 25, remaining: 25 }],
      });
    });

    test("it does not lift a freeze", async () => {
      await fixture.store.control(daily.controls[0] ?? "", { frozen: true });
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      expect(await fixture.reserve("a", hold(daily, 1))).toMatchObject({
        refusals: [{ frozen: true, limit: 150 }],
      });
    });

    test("it ends with its window and is kept by an edit of the limit", async () => {
      await fixture.store.topUp({ id: "t", counter: daily, amount: 50 });
      expect(await fixture.reserve("a", hold({ ...daily, limit: 60 }, 110))).toMatchObject({
        remaining: [0],
      });
      fixture.clock.set(Date.UTC(2026, 2, 5));
      expect(await fixture.fullState(daily)).toMatchObject({ spent: 0, extra: 0 });
      expect(await fixture.reserve("b", hold(daily, 101))).toMatchObject({
        refusals: [{ limit: 100, remaining: 100 }],
      });
    });

    test("in a rolling window it leaves with the bucket it was given in", async () => {
      const hourly = counter({ window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 } });
      await fixture.store.topUp({ id: "t", counter: hourly, amount: 50 });
      fixture.clock.set(NOON + 30 * MINUTE_MS);
      await fixture.spend(hourly, 120);
      expect(await fixture.fullState(hourly)).toMatchObject({ spent: 120, extra: 50 });
      fixture.clock.set(NOON + 70 * MINUTE_MS);
      expect(await fixture.fullState(hourly)).toMatchObject({ spent: 120, extra: 0 });
      expect(await fixture.reserve("a", hold(hourly, 1))).toMatchObject({
        refusals: [{ limit: 100, remaining: -20, resetsAtMs: NOON + 100 * MINUTE_MS }],
      });
    });

    test("a task's ends with the task, a total's never", async () => {
      const task = counter({ key: "task", window: { kind: "task", idleMs: HOUR_MS } });
      const total = counter({ key: "total", window: { kind: "total" } });
      await fixture.store.topUp({ id: "t", counter: task, amount: 50 });
      await fixture.store.topUp({ id: "u", counter: total, amount: 50 });
      expect(await fixture.fullState(task)).toMatchObject({ extra: 50 });
      fixture.clock.advance(HOUR_MS);
      expect(await fixture.reserve("a", hold(task, 101))).toMatchObject({ outcome: "refused" });
      fixture.clock.set(Date.UTC(2096, 0, 1));
      await fixture.store.states();
      expect(await fixture.reserve("b", hold(total, 150))).toMatchObject({ outcome: "granted" });
    });

    test("it crosses no threshold and takes none back", async () => {
      const watched = counter({ alertAmounts: [50, 80] });
      expect(await fixture.spend(watched, 60)).toMatchObject([{ kind: "crossed", threshold: 0 }]);
      await fixture.store.topUp({ id: "t", counter: watched, amount: 100 });
      expect(await fixture.spend(watched, 10)).toEqual([]);
      expect(await fixture.spend(watched, 10)).toMatchObject([{ kind: "crossed", threshold: 1 }]);
    });
  });
}

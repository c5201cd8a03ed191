import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counter, hold, openFixture, type OpenStore, type StoreFixture } from "../store-fixture.ts";

const NOON = Date.UTC(2026, 2, 4, 12);
const HOUR_MS = 3_600_000;

/** What an operator lays over counters: freezes and other limits, by key. */
export function describeControls(open: OpenStore): void {
  describe("controls", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const ada = counter({ scope: { user: "ada" }, controls: ["all", "ada"] });
    const bob = counter({ scope: { user: "bob" }, controls: ["all", "bob"] });

    test("a frozen counter refuses whatever would fit, and says so", async () => {
      await fixture.spend(ada, 30);
      await fixture.store.control("ada", { frozen: true });
      expect(await fixture.reserve("a", hold(ada, 1), hold(bob, 1))).toMatchObject({
        outcome: "refused",
        refusals: [{ index: 0, frozen: true, limit: 100, remaining: 70, resetsAtMs: undefined }],
      });
      expect(await fixture.state(bob)).toEqual({ spent: 0, reserved: 0 });
    });

    test("a freeze refuses what no limit would, but not what cannot be stopped", async () => {
      await fixture.store.control("ada", { frozen: true });
      const holds = [hold(ada, 1, "never")];
      expect(await fixture.reserve("a", ...holds)).toMatchObject({ outcome: "refused" });
      expect(
        await fixture.store.reserve({ leaseId: "b", ttlMs: 60_000, holds, evenFrozen: true }),
      ).toMatchObject({ outcome: "granted", remaining: [99] });
    });

    test("what cannot be stopped must fit all the same", async () => {
      await fixture.store.control("ada", { frozen: true });
      const holds = [hold(ada, 101)];
      expect(
        await fixture.store.reserve({ leaseId: "a", ttlMs: 60_000, holds, evenFrozen: true }),
      ).toMatchObject({ refusals: [{ frozen: false, limit: 100, remaining: 100 }] });
    });

    test("a call that was let in before a freeze ends as usual", async () => {
      await fixture.reserve("a", hold(ada, 60));
      await fixture.store.control("ada", { frozen: true });
      expect(await fixture.reserve("a", hold(ada, 60))).toMatchObject({ outcome: "granted" });
      await fixture.settle("a", 50);
      expect(await fixture.state(ada)).toEqual({ spent: 50, reserved: 0 });
    });

    test("a broad freeze holds for every counter that names its key, until it is taken away", async () => {
      await fixture.store.control("all", { frozen: true });
      expect(await fixture.reserve("a", hold(bob, 1))).toMatchObject({ outcome: "refused" });
      await fixture.store.control("bob", { frozen: true });
      await fixture.store.control("all", undefined);
      expect(await fixture.reserve("b", hold(bob, 1))).toMatchObject({ outcome: "refused" });
      expect(await fixture.reserve("c", hold(ada, 1))).toMatchObject({ outcome: "granted" });
      await fixture.store.control("bob", undefined);
      expect(await fixture.reserve("d", hold(bob, 1))).toMatchObject({ outcome: "granted" });
    });

    test("a freeze with an end says when, and is over then", async () => {
      await fixture.store.control("ada", { frozen: true, untilMs: NOON + HOUR_MS });
      expect(await fixture.reserve("a", hold(ada, 1))).toMatchObject({
        refusals: [{ frozen: true, resetsAtMs: NOON + HOUR_MS }],
      });
      fixture.clock.set(NOON + HOUR_MS);
      expect(await fixture.reserve("a", hold(ada, 1))).toMatchObject({ outcome: "granted" });
    });

    test("of two freezes the one that lasts longest says when", async () => {
      await fixture.store.control("ada", { frozen: true, untilMs: NOON + HOUR_MS });
      await fixture.store.control("all", { frozen: true, untilMs: NOON + 2 * HOUR_MS });
      expect(await fixture.reserve("a", hold(ada, 1))).toMatchObject({
        refusals: [{ resetsAtMs: NOON + 2 * HOUR_MS }],
      });
      await fixture.store.control("ada", { frozen: true });
      expect(await fixture.reserve("a", hold(ada, 1))).toMatchObject({
        refusals: [{ resetsAtMs: undefined }],
      });
    });

    test("another limit counts in place of the counter's own, the narrowest of several", async () => {
      await fixture.spend(ada, 100);
      await fixture.store.control("all", { limit: 150 });
      expect(await fixture.reserve("a", hold(ada, 51))).toMatchObject({
        refusals: [{ frozen: false, limit: 150, remaining: 50 }],
      });
      await fixture.store.control("ada", { limit: 120 });
      expect(await fixture.reserve("a", hold(ada, 20), hold(bob, 150))).toMatchObject({
        outcome: "granted",
        remaining: [0, 0],
      });
    });

    test("a lower limit than what is spent refuses, also a hold of nothing", async () => {
      await fixture.spend(ada, 60);
      await fixture.store.control("ada", { limit: 50 });
      expect(await fixture.reserve("a", hold(ada, 0))).toMatchObject({
        refusals: [{ limit: 50, remaining: -10 }],
      });
      expect(await fixture.reserve("a", hold(ada, 0, "unspent"))).toMatchObject({
        refusals: [{ limit: 50, remaining: -10 }],
      });
    });

    test("the counter's own limit is back when the other one's time is over", async () => {
      await fixture.store.control("ada", { limit: 200, untilMs: NOON + HOUR_MS });
      fixture.clock.set(NOON + HOUR_MS - 1);
      expect(await fixture.reserve("a", hold(ada, 150))).toMatchObject({ remaining: [50] });
      fixture.clock.set(NOON + HOUR_MS);
      expect(await fixture.reserve("b", hold(ada, 1))).toMatchObject({
        refusals: [{ limit: 100, remaining: -50 }],
      });
    });

    test("controls outlive windows and an edit of the counter", async () => {
      await fixture.store.control("ada", { frozen: true });
      await fixture.store.control("bob", { limit: 10 });
      fixture.clock.advance(40 * 24 * HOUR_MS);
      const weekly = counter({
        ...ada,
        key: "weekly",
        limit: 500,
        window: { kind: "calendar", period: "week", timezone: "UTC" },
      });
      expect(await fixture.reserve("a", hold(weekly, 1))).toMatchObject({
        refusals: [{ frozen: true, limit: 500 }],
      });
      expect(await fixture.reserve("a", hold({ ...bob, limit: 70 }, 11))).toMatchObject({
        refusals: [{ frozen: false, limit: 10 }],
      });
    });

    test("a control takes the place of the one under its key", async () => {
      await fixture.store.control("ada", { limit: 10, untilMs: NOON + HOUR_MS });
      await fixture.store.control("ada", { frozen: true });
      expect((await fixture.store.states()).controls).toEqual([{ key: "ada", frozen: true }]);
      expect(await fixture.reserve("a", hold(ada, 50))).toMatchObject({
        refusals: [{ frozen: true, limit: 100 }],
      });
    });

    test("the controls in force can be read, also of counters that nothing was asked of", async () => {
      await fixture.store.control("ada", { frozen: true });
      await fixture.store.control("bob", { limit: 10, untilMs: NOON + HOUR_MS });
      await fixture.store.control("all", { limit: 20, untilMs: NOON + 1 });
      fixture.clock.advance(1);
      const { controls } = await fixture.store.states();
      expect(controls.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([
        { key: "ada", frozen: true },
        { key: "bob", limit: 10, untilMs: NOON + HOUR_MS },
      ]);
    });

    test("taking away what is not there does nothing", async () => {
      await fixture.store.control("nobody", undefined);
      expect((await fixture.store.states()).controls).toEqual([]);
    });
  });
}

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  counter,
  hold,
  openFixture,
  TTL_MS,
  type OpenStore,
  type StoreFixture,
} from "../store-fixture.ts";

const NOON = Date.UTC(2026, 2, 4, 12);
const MIDNIGHT = Date.UTC(2026, 2, 5);
const HOUR_MS = 3_600_000;

/** Each threshold is told once per window, by the operation that crossed it. */
export function describeThresholds(open: OpenStore): void {
  describe("thresholds", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const org = counter({ budget: "org", alertAmounts: [50, 80, 95] });

    async function thresholds(amount: number): Promise<number[]> {
      const notices = await fixture.spend(org, amount);
      return notices.flatMap((notice) => (notice.kind === "crossed" ? [notice.threshold] : []));
    }

    test("tells each threshold once, when spend reaches it", async () => {
      expect(await thresholds(49)).toEqual([]);
      expect(await thresholds(1)).toEqual([0]);
      expect(await thresholds(29)).toEqual([]);
      expect(await thresholds(16)).toEqual([1, 2]);
      expect(await thresholds(100)).toEqual([]);
    });

    test("says what was spent, of which counter, until when", async () => {
      expect(await fixture.spend(org, 51)).toEqual([
        {
          kind: "crossed",
          counter: expect.objectContaining({ key: org.key, budget: "org", limit: 100 }),
          threshold: 0,
          spent: 51,
          windowEndMs: MIDNIGHT,
        },
      ]);
    });

    test("holds cross nothing", async () => {
      expect((await fixture.reserve("a", hold(org, 100))).notices).toEqual([]);
      expect((await fixture.store.release("a")).notices).toEqual([]);
    });

    test("tells them again in the next window", async () => {
      expect(await thresholds(60)).toEqual([0]);
      fixture.clock.set(MIDNIGHT);
      expect(await thresholds(60)).toEqual([0]);
    });

    test("an edited list goes on from the share of the limit that was told last", async () => {
      expect(await thresholds(60)).toEqual([0]);
      // At 40, 50, 60 and 80 per cent of another limit.
      const edited = { ...org, limit: 200, alertAmounts: [80, 100, 120, 160] };
      const kinds = (await fixture.spend(edited, 59)).map(({ kind }) => kind);
      expect(kinds).toEqual([]);
      expect(await fixture.spend(edited, 1)).toMatchObject([{ kind: "crossed", threshold: 2 }]);
      const shorter = { ...edited, alertAmounts: [150] };
      expect(await fixture.spend(shorter, 30)).toMatchObject([{ kind: "crossed", threshold: 0 }]);
      const again = { ...edited };
      expect(await fixture.spend(again, 10)).toMatchObject([{ kind: "crossed", threshold: 3 }]);
    });

    test("tells what spend in a window that has ended crosses, with that window's end", async () => {
      fixture.clock.set(MIDNIGHT - 10_000);
      await fixture.reserve("late", hold(org, 60));
      fixture.clock.advance(20_000);
      expect((await fixture.settle("late", 60)).notices).toMatchObject([
        { kind: "crossed", threshold: 0, windowEndMs: MIDNIGHT },
      ]);
      expect(await thresholds(60)).toEqual([0]);
    });

    test("presumed spend crosses thresholds, and a late correction crosses none again", async () => {
      await fixture.reserve("lost", hold(org, 85));
      fixture.clock.advance(TTL_MS);
      const { notices } = await fixture.store.states();
      expect(notices.map((notice) => notice.kind)).toEqual(["presumed", "crossed", "crossed"]);
      expect((await fixture.settle("lost", 10)).notices).toEqual([]);
      expect(await thresholds(80)).toEqual([]);
      expect(await thresholds(5)).toEqual([2]);
    });

    test("of many settles at once one tells the threshold", async () => {
      const ids = Array.from({ length: 100 }, (_, call) => `call-${call}`);
      await Promise.all(ids.map((id) => fixture.reserve(id, hold(org, 1))));
      const answers = await Promise.all(ids.map((id) => fixture.settle(id, 1)));
      expect(answers.flatMap(({ notices }) => notices)).toMatchObject([
        { threshold: 0, spent: 50 },
        { threshold: 1, spent: 80 },
        { threshold: 2, spent: 95 },
      ]);
    });

    test("a rolling window tells a threshold again after spend fell below it", async () => {
      const rolling = counter({
        alertAmounts: [50, 80],
        window: { kind: "rolling", durationMs: HOUR_MS, buckets: 6 },
      });
      const spend = async (): Promise<number> => (await fixture.spend(rolling, 60)).length;
      expect(await spend()).toBe(1);
      fixture.clock.advance(2 * HOUR_MS);
      expect(await spend()).toBe(1);
      expect(await spend()).toBe(1);
      expect(await spend()).toBe(0);
    });
  });
}

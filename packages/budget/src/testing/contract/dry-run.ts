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
const HOUR_MS = 3_600_000;

/** Asking what would be answered. */
export function describeDryRun(open: OpenStore): void {
  describe("dry run", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const daily = counter();
    const ask = (leaseId: string, ...holds: ReturnType<typeof hold>[]): unknown =>
      fixture.store.reserve({ leaseId, ttlMs: TTL_MS, holds, dryRun: true });

    test("answers like the real thing and holds nothing", async () => {
      await fixture.spend(daily, 30);
      expect(await ask("a", hold(daily, 70))).toMatchObject({ outcome: "granted", remaining: [0] });
      expect(await ask("a", hold(daily, 71))).toMatchObject({
        outcome: "refused",
        refusals: [{ index: 0, frozen: false, limit: 100, remaining: 70 }],
      });
      expect(await fixture.state(daily)).toEqual({ spent: 30, reserved: 0 });
      await fixture.settle("a", 70);
      expect(await fixture.state(daily)).toEqual({ spent: 30, reserved: 0 });
      expect(await fixture.reserve("a", hold(daily, 5))).toMatchObject({ outcome: "granted" });
    });

    test("makes no counter", async () => {
      await ask("a", hold(daily, 1));
      expect((await fixture.store.states()).states).toEqual([]);
    });

    test("sees freezes and other limits", async () => {
      await fixture.store.control(daily.controls[0] ?? "", { frozen: true });
      expect(await ask("a", hold(daily, 1))).toMatchObject({ refusals: [{ frozen: true }] });
      await fixture.store.control(daily.controls[0] ?? "", { limit: 5 });
      expect(await ask("a", hold(daily, 6))).toMatchObject({ refusals: [{ limit: 5 }] });
    });

    test("is not asking: it keeps no task's window going", async () => {
      const task = counter({ window: { kind: "task", idleMs: HOUR_MS } });
      await fixture.spend(task, 100);
      fixture.clock.advance(HOUR_MS - 1);
      expect(await ask("a", hold(task, 1))).toMatchObject({ outcome: "refused" });
      fixture.clock.advance(1);
      expect(await ask("a", hold(task, 100))).toMatchObject({ outcome: "granted" });
      expect(await fixture.state(task)).toEqual({ spent: 0, reserved: 0 });
    });

    test("looks into the window of now, a new one included", async () => {
      await fixture.spend(daily, 100);
      fixture.clock.set(Date.UTC(2026, 2, 5));
      expect(await ask("a", hold(daily, 100))).toMatchObject({ outcome: "granted" });
      fixture.clock.set(Date.UTC(2026, 2, 4, 23));
      expect(await fixture.state(daily)).toEqual({ spent: 100, reserved: 0 });
    });
  });
}

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

/** Held, then settled, released or presumed; the first end counts. */
export function describeLeases(open: OpenStore): void {
  describe("leases", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const org = counter({ budget: "org" });

    test("asking again for an open lease grants it without holding twice", async () => {
      await fixture.reserve("a", hold(org, 60));
      expect(await fixture.reserve("a", hold(org, 60))).toMatchObject({
        outcome: "granted",
        remaining: [40],
      });
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 60 });
    });

    test("an open lease's id for other holds is a conflict and changes nothing", async () => {
      await fixture.reserve("a", hold(org, 60));
      expect(await fixture.reserve("a", hold(org, 30))).toMatchObject({ outcome: "conflict" });
      expect(await fixture.reserve("a", hold(counter({ budget: "other" }), 60))).toMatchObject({
        outcome: "conflict",
      });
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 60 });
    });

    test("the first end counts", async () => {
      await fixture.reserve("a", hold(org, 60));
      await fixture.settle("a", 10);
      await fixture.settle("a", 50);
      await fixture.store.release("a");
      expect(await fixture.state(org)).toEqual({ spent: 10, reserved: 0 });

      await fixture.reserve("b", hold(org, 60));
      await fixture.store.release("b");
      await fixture.settle("b", 60);
      expect(await fixture.state(org)).toEqual({ spent: 10, reserved: 0 });
    });

    test("ending an unknown lease does nothing", async () => {
      await fixture.settle("nobody", 10);
      await fixture.store.release("nobody");
      await fixture.store.renew(["nobody"], TTL_MS);
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 0 });
    });

    test("a lease that was not renewed in time is charged as held, once", async () => {
      await fixture.reserve("a", hold(org, 60));
      fixture.clock.advance(TTL_MS - 1);
      expect((await fixture.store.states()).notices).toEqual([]);
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 60 });

      fixture.clock.advance(1);
      expect((await fixture.store.states()).notices).toEqual([
        {
          kind: "presumed",
          leaseId: "a",
          counter: expect.objectContaining({ key: org.key }),
          amount: 60,
        },
      ]);
      expect((await fixture.store.states()).notices).toEqual([]);
      expect(await fixture.state(org)).toEqual({ spent: 60, reserved: 0 });
    });

    test("reserving finds expired leases too", async () => {
      await fixture.reserve("a", hold(org, 60));
      fixture.clock.advance(TTL_MS);
      const answer = await fixture.reserve("b", hold(org, 41));
      expect(answer).toMatchObject({ outcome: "refused", refusals: [{ remaining: 40 }] });
      expect(answer.notices).toMatchObject([{ kind: "presumed", leaseId: "a", amount: 60 }]);
    });

    test("a renewed lease is not presumed", async () => {
      await fixture.reserve("long", hold(org, 60));
      await fixture.reserve("lost", hold(org, 1));
      for (let minutes = 0; minutes < 10; minutes += 0.5) {
        fixture.clock.advance(TTL_MS / 2);
        // oxlint-disable-next-line no-await-in-loop -- time goes on in steps
        await fixture.store.renew(["long"], TTL_MS);
      }
      expect(await fixture.state(org)).toEqual({ spent: 1, reserved: 60 });
    });

    test("leases expire each at its own time", async () => {
      const reserve = (leaseId: string, ttlMs: number): unknown =>
        fixture.store.reserve({ leaseId, ttlMs, holds: [hold(org, 10)] });
      await reserve("long", 10 * TTL_MS);
      await reserve("short", TTL_MS);
      fixture.clock.advance(TTL_MS);
      expect(await fixture.state(org)).toEqual({ spent: 10, reserved: 10 });
      fixture.clock.advance(9 * TTL_MS);
      expect(await fixture.state(org)).toEqual({ spent: 20, reserved: 0 });
    });

    test("a late settle corrects what was presumed", async () => {
      await fixture.reserve("a", hold(org, 60));
      fixture.clock.advance(TTL_MS);
      await fixture.store.states();
      await fixture.settle("a", 5);
      await fixture.settle("a", 50);
      expect(await fixture.state(org)).toEqual({ spent: 5, reserved: 0 });
    });

    test("asking again for what was presumed holds nothing, and its end counts once", async () => {
      await fixture.reserve("a", hold(org, 40));
      fixture.clock.advance(2 * TTL_MS);
      expect(await fixture.state(org)).toEqual({ spent: 40, reserved: 0 });
      expect(await fixture.reserve("a", hold(org, 40))).toMatchObject({ outcome: "granted" });
      expect(await fixture.state(org)).toEqual({ spent: 40, reserved: 0 });
      await fixture.settle("a", 40);
      expect(await fixture.state(org)).toEqual({ spent: 40, reserved: 0 });
    });

    test("a late release takes back what was presumed", async () => {
      await fixture.reserve("a", hold(org, 60));
      fixture.clock.advance(TTL_MS);
      await fixture.store.states();
      await fixture.store.release("a");
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 0 });
    });

    test("a settle after the lease's time that nobody noticed counts as a settle", async () => {
      await fixture.reserve("a", hold(org, 60));
      fixture.clock.advance(10 * TTL_MS);
      await fixture.settle("a", 5);
      expect((await fixture.store.states()).notices).toEqual([]);
      expect(await fixture.state(org)).toEqual({ spent: 5, reserved: 0 });
    });
  });
}

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counter, hold, openFixture, type OpenStore, type StoreFixture } from "../store-fixture.ts";

const NOON = Date.UTC(2026, 2, 4, 12);
const MIDNIGHT = Date.UTC(2026, 2, 5);

/** Check all, write none or all. */
export function describeReserve(open: OpenStore): void {
  describe("reserve and settle", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await openFixture(open, NOON);
    });
    afterEach(() => fixture.store.close());

    const org = counter({ budget: "org", limit: 100 });
    const agent = counter({ budget: "agent", limit: 30 });

    test("grants what fits and says what is left after the hold", async () => {
      expect(await fixture.reserve("a", hold(org, 40), hold(agent, 30))).toMatchObject({
        outcome: "granted",
        remaining: [60, 0],
      });
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 40 });
    });

    test("grants a hold of exactly what is left and refuses one more", async () => {
      await fixture.reserve("a", hold(org, 99));
      expect(await fixture.reserve("b", hold(org, 1))).toMatchObject({ outcome: "granted" });
      expect(await fixture.reserve("c", hold(org, 1))).toMatchObject({ outcome: "refused" });
    });

    test("writes nothing when one of the holds is refused", async () => {
      expect(await fixture.reserve("a", hold(org, 40), hold(agent, 31))).toMatchObject({
        outcome: "refused",
        refusals: [{ index: 1, remaining: 30, resetsAtMs: MIDNIGHT }],
      });
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.state(agent)).toEqual({ spent: 0, reserved: 0 });
    });

    test("names every hold that does not pass, in the order of the request", async () => {
      const answer = await fixture.reserve(
        "a",
        hold(agent, 31),
        hold(org, 1),
        hold(counter(), 101),
      );
      expect(answer).toMatchObject({ outcome: "refused", refusals: [{ index: 0 }, { index: 2 }] });
    });

    test("a refused lease does not exist", async () => {
      await fixture.reserve("a", hold(agent, 31));
      await fixture.settle("a", 31);
      expect(await fixture.state(agent)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.reserve("a", hold(agent, 30))).toMatchObject({ outcome: "granted" });
    });

    test("settling replaces the hold by what was used", async () => {
      await fixture.reserve("a", hold(org, 40), hold(agent, 20));
      await fixture.settle("a", 7, 20);
      expect(await fixture.state(org)).toEqual({ spent: 7, reserved: 0 });
      expect(await fixture.state(agent)).toEqual({ spent: 20, reserved: 0 });
    });

    test("what was used above the hold and above the limit is booked in full", async () => {
      await fixture.reserve("a", hold(agent, 10));
      await fixture.settle("a", 45);
      expect(await fixture.state(agent)).toEqual({ spent: 45, reserved: 0 });
      expect(await fixture.reserve("b", hold(agent, 1))).toMatchObject({
        refusals: [{ index: 0, remaining: -15 }],
      });
    });

    test("releasing takes the hold back", async () => {
      await fixture.reserve("a", hold(org, 100));
      await fixture.store.release("a");
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 0 });
      expect(await fixture.reserve("b", hold(org, 100))).toMatchObject({ outcome: "granted" });
    });

    test("a hold that is never refused passes over the limit", async () => {
      await fixture.reserve("a", hold(agent, 30));
      expect(await fixture.reserve("b", hold(agent, 5, "never"))).toMatchObject({
        outcome: "granted",
        remaining: [-5],
      });
    });

    test("a hold on unspent passes until the limit is spent, whatever is held", async () => {
      await fixture.reserve("a", hold(agent, 30));
      expect(await fixture.reserve("b", hold(agent, 0, "unspent"))).toMatchObject({
        outcome: "granted",
      });
      await fixture.settle("a", 30);
      expect(await fixture.reserve("c", hold(agent, 0, "unspent"))).toMatchObject({
        outcome: "refused",
        refusals: [{ index: 0, remaining: 0, resetsAtMs: MIDNIGHT }],
      });
    });

    test("counters of other units and other scopes count apart", async () => {
      const others = [
        counter({ budget: "agent", unit: "tokens", limit: 30 }),
        counter({ budget: "agent", scope: { agent: "coder" }, limit: 30 }),
        counter({ budget: "agent", scope: { agent: "critic" }, limit: 30 }),
      ];
      await fixture.reserve("a", hold(agent, 30));
      const answer = await fixture.reserve("b", ...others.map((other) => hold(other, 30)));
      expect(answer).toMatchObject({ outcome: "granted", remaining: [0, 0, 0] });
    });

    test("a limit that was changed keeps what was used", async () => {
      await fixture.spend(org, 60);
      expect(await fixture.reserve("a", hold({ ...org, limit: 50 }, 1))).toMatchObject({
        refusals: [{ remaining: -10 }],
      });
      expect(await fixture.reserve("b", hold({ ...org, limit: 200 }, 140))).toMatchObject({
        outcome: "granted",
        remaining: [0],
      });
    });

    test("amounts stay exact up to nine million dollars in nano-USD", async () => {
      const large = counter({ limit: 9_000_000_000_000_000 });
      await fixture.spend(large, 8_999_999_999_999_998);
      expect(await fixture.reserve("a", hold(large, 3))).toMatchObject({
        refusals: [{ remaining: 2 }],
      });
      expect(await fixture.reserve("b", hold(large, Number.MAX_SAFE_INTEGER))).toMatchObject({
        outcome: "refused",
      });
      expect(await fixture.reserve("c", hold(large, 2))).toMatchObject({ remaining: [0] });
    });

    test("1,000 calls at once get no more than fits", async () => {
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_, call) => fixture.reserve(`call-${call}`, hold(org, 2))),
      );
      expect(answers.filter(({ outcome }) => outcome === "granted")).toHaveLength(50);
      expect(await fixture.state(org)).toEqual({ spent: 0, reserved: 100 });
      await Promise.all(answers.map((_, call) => fixture.settle(`call-${call}`, 2)));
      expect(await fixture.state(org)).toEqual({ spent: 100, reserved: 0 });
    });

    test("describes every counter that it has, with its window", async () => {
      const coder = counter({ budget: "agent", scope: { agent: "coder" } });
      await fixture.reserve("a", hold(coder, 30));
      expect(await fixture.fullState(coder)).toEqual({
        counter: expect.objectContaining({
          budget: "agent",
          unit: "usd",
          scope: { agent: "coder" },
          key: coder.key,
        }),
        spent: 0,
        reserved: 30,
        extra: 0,
        windowStartMs: Date.UTC(2026, 2, 4),
        windowEndMs: MIDNIGHT,
      });
    });
  });
}

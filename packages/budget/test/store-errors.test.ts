import { describe, expect, test } from "vitest";
import { createMemoryStore, type BudgetStore, type MaybePromise } from "../src/index.ts";
import { bench, call, dollars, granted, policy, refusal, type Bench } from "./budget-call.ts";

/** A real store behind a connection that can be cut. */
interface FarStore extends BudgetStore {
  broken: boolean;
}

function createFarStore(answers: "at once" | "later"): FarStore {
  const store = createMemoryStore();
  const guard = <Result>(run: () => MaybePromise<Result>): MaybePromise<Result> => {
    if (answers === "later") {
      return Promise.resolve().then(() => {
        if (far.broken) throw new Error("connection refused");
        return run();
      });
    }
    if (far.broken) throw new Error("disk full");
    return run();
  };
  const far: FarStore = {
    broken: false,
    scope: "shared",
    reserve: (request) => guard(() => store.reserve(request)),
    settle: (id, amounts) => guard(() => store.settle(id, amounts)),
    release: (id) => guard(() => store.release(id)),
    renew: (ids, ttlMs) => guard(() => store.renew(ids, ttlMs)),
    control: (key, control) => guard(() => store.control(key, control)),
    topUp: (topUp) => guard(() => store.topUp(topUp)),
    states: () => guard(() => store.states()),
    close: () => guard(() => store.close()),
  };
  return far;
}

async function spent({ processor }: Bench): Promise<number | undefined> {
  return (await processor.states())[0]?.spent;
}

describe.each(["at once", "later"] as const)("a store that answers %s", (answers) => {
  test("is used like any other", async () => {
    const store = createFarStore(answers);
    const tested = bench([policy({ limit: { usd: 1.5 } })], { store });
    const lease = granted(await tested.processor.reserve(call()));
    expect(refusal(await tested.processor.reserve(call()))).toMatchObject({ reason: "exceeded" });
    await lease.settle(dollars(0.5));
    expect(await spent(tested)).toBe(500_000_000);
    await tested.processor.shutdown();
  });

  test("that fails refuses when the policy says closed", async () => {
    const store = createFarStore(answers);
    const { processor } = bench([policy({ guarantee: "hard" })], { store });
    store.broken = true;
    expect(refusal(await processor.reserve(call()))).toMatchObject({
      budget: "budget",
      reason: "store_unavailable",
    });
  });

  test("that fails lets pass when the policy says open", async () => {
    const store = createFarStore(answers);
    const { processor } = bench([policy({ onStoreError: "open", limit: { usd: 0.1 } })], { store });
    store.broken = true;
    const lease = granted(await processor.reserve(call()));
    await expect(Promise.resolve(lease.settle(dollars(1)))).resolves.toBeUndefined();
  });

  test("that fails is stood in for by this process when the policy says bounded", async () => {
    const store = createFarStore(answers);
    const { processor } = bench([policy({ limit: { usd: 2 } })], { store });
    store.broken = true;
    const leases = [
      granted(await processor.reserve(call())),
      granted(await processor.reserve(call())),
    ];
    expect(refusal(await processor.reserve(call()))).toMatchObject({ reason: "exceeded" });
    await leases[0]?.settle(dollars(0.5));
    expect((await processor.reserve(call({ usd: 0.5 }))).granted).toBe(true);
  });

  test("that fails refuses when one of several policies says closed", async () => {
    const store = createFarStore(answers);
    const { processor } = bench(
      [policy({ id: "a", onStoreError: "open" }), policy({ id: "b", onStoreError: "closed" })],
      { store },
    );
    store.broken = true;
    expect(refusal(await processor.reserve(call()))).toMatchObject({ budget: "b" });
  });

  test("that fails at the end of a call does not harm the call", async () => {
    const store = createFarStore(answers);
    const tested = bench([policy()], { store });
    const lease = granted(await tested.processor.reserve(call()));
    store.broken = true;
    await expect(Promise.resolve(lease.settle(dollars(1)))).resolves.toBeUndefined();
    await expect(Promise.resolve(tested.processor.states())).resolves.toEqual([]);
    await expect(tested.processor.shutdown()).resolves.toBeUndefined();
  });

  test("that holds a call's id for another call counts as failed", async () => {
    const store = createFarStore(answers);
    const [one, other] = [bench([policy()], { store }), bench([policy()], { store })];
    granted(await one.processor.reserve(call({ id: "same" })));
    expect((await other.processor.reserve(call({ id: "same", usd: 3 }))).granted).toBe(true);
    const strict = bench([policy({ guarantee: "hard" })], { store });
    expect(refusal(await strict.processor.reserve(call({ id: "same", most: 4 })))).toMatchObject({
      reason: "store_unavailable",
    });
  });

  test("is used again as soon as it answers", async () => {
    const store = createFarStore(answers);
    const tested = bench([policy()], { store });
    store.broken = true;
    const during = granted(await tested.processor.reserve(call()));
    store.broken = false;
    await during.settle(dollars(4));
    await granted(await tested.processor.reserve(call())).settle(dollars(1));
    expect(await spent(tested)).toBe(1e9);
  });
});

import type { Pricer } from "@tollgate/pricing";
import { expect, test } from "vitest";
import { createRig, USAGE } from "./setup.ts";

const pricer = (totalNanoUsd: number): Pricer => ({
  catalogueVersion: "nonsense",
  catalogueDate: "2026-11-01",
  priceCall: () => ({ totalNanoUsd, parts: { input: totalNanoUsd }, priceSource: "override" }),
  priceBound: () => totalNanoUsd,
  hasPrice: () => true,
  contextWindow: () => totalNanoUsd,
});

test.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 1e300])(
  "a price of %d nano-USD is none: the call passes and is booked as unpriced",
  async (price) => {
    const rig = await createRig({
      pricer: pricer(price),
      policies: [{ id: "all", limit: { usd: 1 }, window: "total" }],
      provider: { script: { usage: USAGE } },
    });
    const answer: unknown = await (await rig.chat()).json();
    expect(answer).toMatchObject({ usage: { prompt_tokens: 1_000 } });
    expect(rig.events[0]).toMatchObject({ usage: USAGE, cost: { priceSource: "unpriced" } });
    const [state] = await rig.budget.states();
    expect(state).toMatchObject({ reserved: 0 });
    expect(Number.isSafeInteger(state?.spent)).toBe(true);
  },
);

test("a pricer that throws is one that does not know", async () => {
  const broken: Pricer = {
    ...pricer(1),
    priceCall() {
      throw new Error("broken");
    },
  };
  const rig = await createRig({ pricer: broken, provider: { script: { usage: USAGE } } });
  expect((await rig.chat()).status).toBe(200);
  await rig.chat().then((response) => response.json());
  expect(rig.events[0]).toMatchObject({ cost: { priceSource: "unpriced" } });
});

import { budgetExceeded } from "@tollgate/core";
import { createPricer } from "@tollgate/pricing";
import { describe, expect, test } from "vitest";
import { createRig, spentOf, USAGE } from "./setup.ts";

const UNKNOWN = { model: "acme-1", max_tokens: 100 };
const HARD = [{ id: "hard", limit: { usd: 1 }, window: "total", guarantee: "hard" }];
const FALLBACK = { inputPerMtok: "10", outputPerMtok: "40" };

describe("a model without a price", () => {
  test("is counted, where nothing else is said", async () => {
    const rig = await createRig({ provider: { script: { usage: USAGE } } });
    const response = await rig.chat(UNKNOWN);
    await response.json();
    expect(response.status).toBe(200);
    expect(rig.events[0]).toMatchObject({ usage: USAGE, cost: { priceSource: "unpriced" } });
  });

  test("is refused where it is denied: a 402 in the provider's own shape, and nothing leaves", async () => {
    const rig = await createRig({ onUnpriced: "deny" });
    const response = await rig.chat(UNKNOWN);
    expect(response.status).toBe(402);
    const error: unknown = await response.json();
    expect(error).toMatchObject({
      error: {
        message: expect.stringContaining(
          'budget "pricing.onUnpriced": it needs a price and this model has none',
        ),
      },
    });
    expect(budgetExceeded(error)).toMatchObject({
      budget: "pricing.onUnpriced",
      reason: "unpriced",
      resetsAtMs: undefined,
    });
    expect(rig.provider.requests).toEqual([]);
    expect(rig.events).toMatchObject([{ outcome: "refused", cost: { totalNanoUsd: 0 } }]);
  });

  test("under a hard budget is refused without being denied elsewhere", async () => {
    const rig = await createRig({ policies: HARD });
    const response = await rig.chat(UNKNOWN);
    expect(response.status).toBe(402);
    expect(budgetExceeded(await response.json())).toMatchObject({
      budget: "hard",
      reason: "unpriced",
    });
  });

  test("under a hard budget leaves at a fallback price, and is charged it", async () => {
    const rig = await createRig({
      policies: HARD,
      pricer: createPricer({ fallback: FALLBACK }),
      provider: { script: { usage: USAGE } },
    });
    await (await rig.chat({ ...UNKNOWN, max_tokens: 500 })).json();
    expect(rig.events[0]).toMatchObject({
      cost: { totalNanoUsd: 30_000_000, priceSource: "fallback", match: undefined },
    });
    expect(await spentOf(rig.budget)).toBe(30_000_000);
  });
});

test.each(["gpt-4o-mini", "ft:acme"])("%s has a price and is not denied", async (model) => {
  const override = { provider: "*", model: "ft:acme", inputPerMtok: 1, outputPerMtok: 1 };
  const overrides = [{ ...override, provider: "openai" }];
  const rig = await createRig({ onUnpriced: "deny", pricer: createPricer({ overrides }) });
  expect((await rig.chat({ model })).status).toBe(200);
});

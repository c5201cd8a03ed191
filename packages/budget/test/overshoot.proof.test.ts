import { expect, test } from "vitest";
import {
  atomicHolds,
  checkThenCharge,
  shrunkenHolds,
  spendTogether,
  type Algorithm,
  type Hop,
} from "./concurrent-spenders.ts";
import { createRandom, figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";

async function worstUsd(name: string, open: (hop: Hop) => Algorithm): Promise<number> {
  let worst = 0;
  const seeds = scale(8, 100);
  for (let seed = 1; seed <= seeds; seed++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { overUsd, admitted } = await spendTogether(open, createRandom(seed));
    expect(admitted).toBeGreaterThan(90);
    worst = Math.max(worst, overUsd);
  }
  figure(`overshoot of $5, 1,000 calls together, ${seeds} seeds, ${name}: $${worst.toFixed(2)}`);
  return worst;
}

const options = { timeout: PROOF_TIMEOUT_MS };

test(
  "checking first and charging later exceeds the limit: the harness can fail",
  options,
  async () => {
    expect(await worstUsd("check, then charge", checkThenCharge)).toBeGreaterThan(5);
  },
);

test("counters raised one by one with shrunken holds exceed the limit", options, async () => {
  expect(await worstUsd("counter by counter, shrunken holds", shrunkenHolds)).toBeGreaterThan(0);
});

test("one atomic hold of the bound on all levels never does", options, async () => {
  expect(await worstUsd("atomic holds", atomicHolds)).toBe(0);
});

import { budgetExceeded } from "@tollgate/core";
import { expect, test } from "vitest";
import { createRig } from "./setup.ts";

const guards = [{ id: "loops", identicalInARow: 3, action: "deny" }] as const;
const attribution = { defaults: { agent: "planner" } };

test("the same request in a row is refused as a runaway, another one passes", async () => {
  const rig = await createRig({ guards, attribution });
  const statuses: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    // oxlint-disable-next-line no-await-in-loop -- a loop is one call after the other
    statuses.push((await rig.chat()).status);
  }
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(402);
  const refused = await rig.chat();
  expect(budgetExceeded(await refused.json())).toMatchObject({
    budget: "loops",
    reason: "runaway",
  });
});

test("requests that differ are no loop", async () => {
  const rig = await createRig({ guards, attribution });
  for (let turn = 0; turn < 6; turn++) {
    // oxlint-disable-next-line no-await-in-loop -- a loop is one call after the other
    expect((await rig.chat({ seed: turn })).status).toBe(200);
  }
});

test("a client's retries are not counted", async () => {
  const rig = await createRig({ guards, attribution });
  for (let turn = 0; turn < 6; turn++) {
    const headers = { "x-stainless-retry-count": String(turn + 1) };
    // oxlint-disable-next-line no-await-in-loop -- a loop is one call after the other
    expect((await rig.chat({}, { headers })).status).toBe(200);
  }
});

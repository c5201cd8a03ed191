import { join } from "node:path";
import { createClient } from "@redis/client";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "@tollgate/testkit";
import { createMemoryStore, type BudgetStore } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { createHandClock, type HandClock } from "../src/testing/store-fixture.ts";
import { figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { makeFolder } from "./store-folder.ts";
import { anySteps, playBoth } from "./store-model-play.ts";

const START = Date.UTC(2026, 2, 4, 12);
const options = { timeout: PROOF_TIMEOUT_MS };

/** @param inOneStore - how many sequences one store is used for: opening one may take longer than a sequence. */
async function proveAgreement(
  what: string,
  sequences: number,
  inOneStore: number,
  open: (clock: HandClock) => BudgetStore,
): Promise<void> {
  let clock = createHandClock(START);
  let store: BudgetStore | undefined;
  let played = 0;
  await fc.assert(
    fc.asyncProperty(anySteps, async (steps) => {
      if (store === undefined || played % inOneStore === 0) {
        await store?.close();
        clock = createHandClock(START);
        store = open(clock);
      }
      const { seen, expected } = await playBoth(store, clock, `s${played++}`, steps);
      expect(seen).toEqual(expected);
    }),
    { numRuns: sequences },
  );
  await store?.close();
  figure(`model: ${what} agrees over ${sequences} sequences of up to 80 operations`);
}

test("the memory store agrees with a plain model over any sequence", options, async () => {
  const sequences = scale(1_000, 100_000);
  await proveAgreement("memory", sequences, 1, (clock) => createMemoryStore({ clock }));
  expect.assertions(sequences);
});

test("the SQLite store does", options, async () => {
  const sequences = scale(40, 4_000);
  const folder = makeFolder();
  let files = 0;
  await proveAgreement("SQLite", sequences, 20, (clock) =>
    openSqliteStore({ path: join(folder, `${files++}.db`), clock }),
  );
  expect.assertions(sequences);
});

describeWithServer("redis", "on one Redis", () => {
  test("the Redis store does", options, async () => {
    const sequences = scale(100, 10_000);
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const client = await createClient({ url: redis.url }).connect();
    let namespaces = 0;
    await proveAgreement("Redis", sequences, 1, (clock) =>
      openRedisStore({
        client,
        clock,
        namespace: `model-${namespaces++}`,
        pauseMs: 0,
        timeoutMs: 60_000,
      }),
    );
    client.destroy();
    expect.assertions(sequences);
  });
});

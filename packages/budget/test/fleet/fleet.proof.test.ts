import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from "@tollgate/testkit";
import { PROOF_TIMEOUT_MS, scale } from "../proof.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { createCrew } from "./crew.ts";
import { RESTARTS, type RestartMode } from "./restarts.ts";
import { runSeries, sumUp, type Outcome, type Series } from "./series.ts";
import { FLEET_STORES, WRONG_STORES, type FleetStore } from "./stores.ts";

/** Fifty calls at once in each of eight processes. */
const SMALL = { calls: 400, seeds: scale(2, 210), firstSeed: 1, mostKills: 3 };
/** A thousand calls at once in each of eight processes. */
const FULL = { calls: 8_000, seeds: scale(1, 25), firstSeed: 100_000, mostKills: 3 };
const RESTARTED = { calls: 400, seeds: scale(1, 40), firstSeed: 200_000, mostKills: 2 };
const WRONG = { calls: 1_600, seeds: scale(2, 25), firstSeed: 1, mostKills: 0, orderly: true };

/** Ten times as many calls that cost a twentieth, one after the other: slices are taken for what goes on coming fast. */
const SLICED = { calls: 4_000, seeds: scale(1, 110), firstSeed: 300_000, mostKills: 3 };

const options = { timeout: 4 * PROOF_TIMEOUT_MS };
const crew = createCrew();
afterAll(() => crew.close());

async function run(what: string, series: Series): Promise<Outcome> {
  return sumUp(what, await runSeries(crew, series));
}

/** Small fleets and one of full size; through slices, fleets of many small calls. */
async function runBoth(store: string, urls: readonly string[]): Promise<Outcome> {
  if (FLEET_STORES[store]?.takesAhead === true) {
    return run(`${store}, many small calls`, { store, urls, ...SLICED });
  }
  const small = await run(`${store}, small fleets`, { store, urls, ...SMALL });
  const full = await run(`${store}, 8 x 1,000 calls at once`, { store, urls, ...FULL });
  return {
    faults: [...small.faults, ...full.faults],
    overshoot: Math.max(small.overshoot, full.overshoot),
    leastCharged: Math.min(small.leastCharged, full.leastCharged),
    atOnce: small.atOnce + full.atOnce,
  };
}

/** Calls are let through without waiting for an answer: all in memory, and those that draw on slices. */
function decidesHere(store: string): boolean {
  return FLEET_STORES[store]?.takesAhead === true || FLEET_STORES[store]?.processes === 1;
}

function restartedSeries(store: string, restart: RestartMode): Series {
  const calls = FLEET_STORES[store]?.takesAhead === true ? SLICED.calls : RESTARTED.calls;
  return { store, urls: [], restart, ...RESTARTED, calls };
}

const EXACT = { faults: [], overshoot: 0 };
const SOME_NANO_USD = 2_000_000_000;

const on = (server: FleetStore["server"], stores: Readonly<Record<string, FleetStore>>): string[] =>
  Object.keys(stores).filter((name) => stores[name]?.server === server);

describe("a fleet without a server", () => {
  test.each(on("none", FLEET_STORES))("never overspends in %s", options, async (store) => {
    const outcome = await runBoth(store, []);
    expect(outcome).toMatchObject(EXACT);
    expect(outcome.leastCharged).toBeGreaterThan(SOME_NANO_USD);
    expect(outcome.atOnce > 0).toBe(decidesHere(store));
  });
  test.each(on("none", WRONG_STORES))("overspends with %s", options, async (store) => {
    const { overshoot } = await run(store, { store, urls: [], ...WRONG });
    expect(overshoot).toBeGreaterThan(0);
  });
});

describeWithServer("redis", "a fleet on one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test.each(on("redis", FLEET_STORES))("never overspends in %s", options, async (store) => {
    const outcome = await runBoth(store, [redis.url]);
    expect(outcome).toMatchObject(EXACT);
    expect(outcome.leastCharged).toBeGreaterThan(SOME_NANO_USD);
    expect(outcome.atOnce > 0).toBe(decidesHere(store));
  });
  test.each(on("redis", WRONG_STORES))("overspends with %s", options, async (store) => {
    const { overshoot } = await run(store, { store, urls: [redis.url], ...WRONG });
    expect(overshoot).toBeGreaterThan(0);
  });
});

describeWithServer("redis", "a fleet on a Redis that is restarted in the middle", () => {
  const modes = Object.entries(RESTARTS);
  describe.each(on("redis", FLEET_STORES))("with %s", (store) => {
    test.each(modes.filter(([, { forgets }]) => forgets === "nothing"))(
      "never overspends: %s",
      options,
      async (mode, restart) => {
        const outcome = await run(`${store}, ${mode}`, restartedSeries(store, restart));
        expect(outcome).toMatchObject(EXACT);
      },
    );
    test.each(modes.filter(([, { forgets }]) => forgets !== "nothing"))(
      "overspends by no more than it forgot: %s",
      options,
      async (mode, restart) => {
        const outcome = await run(`${store}, ${mode}`, restartedSeries(store, restart));
        expect(outcome).toMatchObject(EXACT);
      },
    );
  });
});

describeWithServer("redis", "a fleet on a Redis Cluster", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  afterAll(() => cluster.stop());

  test.each(on("cluster", FLEET_STORES))("never overspends in %s", options, async (store) => {
    const outcome = await runBoth(store, cluster.urls);
    expect(outcome).toMatchObject(EXACT);
    expect(outcome.leastCharged).toBeGreaterThan(SOME_NANO_USD);
    expect(outcome.atOnce > 0).toBe(decidesHere(store));
  });
});

import { afterAll, beforeAll } from "vitest";
import {
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from "@tollgate/testkit";
import type { BudgetStore, Counter, ReserveRequest, StoreAnswer } from "../src/index.ts";
import { openRedisStore, type RedisStoreOptions } from "../src/redis/index.ts";
import { describeStoreContract } from "../src/testing/index.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

let namespaces = 0;

function open(options: Partial<RedisStoreOptions>): BudgetStore {
  const namespace = `contract-${++namespaces}`;
  return openRedisStore({ namespace, pauseMs: 0, timeoutMs: 5_000, ...options });
}

function ownOf(counter: Counter): Counter {
  return { ...counter, organization: counter.key };
}

function plain(counter: Counter): Counter {
  return { ...counter, organization: undefined };
}

function plainNews<Answer extends StoreAnswer>(answer: Answer): Answer {
  const notices = answer.notices.map((one) => ({ ...one, counter: plain(one.counter) }));
  return { ...answer, notices };
}

/** Every counter belongs to an organization of its own, so that a request spans as many partitions as counters. */
function spreadOut(store: BudgetStore): BudgetStore {
  return {
    ...store,
    async reserve(request: ReserveRequest) {
      const holds = request.holds.map((hold) => ({ ...hold, counter: ownOf(hold.counter) }));
      return plainNews(await store.reserve({ ...request, holds }));
    },
    settle: async (leaseId, amounts) => plainNews(await store.settle(leaseId, amounts)),
    release: async (leaseId) => plainNews(await store.release(leaseId)),
    topUp: (topUp) => store.topUp({ ...topUp, counter: ownOf(topUp.counter) }),
    async states() {
      const read = await store.states();
      const states = read.states.map((state) => ({ ...state, counter: plain(state.counter) }));
      return plainNews({ ...read, states });
    },
  };
}

describeWithServer("redis", "one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  describeStoreContract("redis", ({ clock }) => open({ url: redis.url, clock }));
  describeStoreContract("redis, organizations apart", ({ clock }) =>
    open({ url: redis.url, clock, partition: "organization" }),
  );
  describeStoreContract("redis, each counter of another organization", ({ clock }) =>
    spreadOut(open({ url: redis.url, clock, partition: "organization" })),
  );
});

describeWithServer("redis", "a Redis Cluster of three nodes", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  afterAll(() => cluster.stop());

  describeStoreContract("redis cluster", ({ clock }) => open({ url: cluster.urls, clock }));
  describeStoreContract("redis cluster, each counter of another organization", ({ clock }) =>
    spreadOut(open({ url: cluster.urls, clock, partition: "organization" })),
  );
});

import { afterAll, beforeAll } from "vitest";
import {
  startRedis,
  startRedisCluster,
  type RedisCluster,
  type RedisServer,
} from "@tollgate/testkit";
import { openRedisStore } from "../src/redis/index.ts";
import { describeStoreContract } from "../src/testing/index.ts";
import { describeWithRedis } from "./redis.ts";

let namespaces = 0;
const namespace = (): string => `contract-${++namespaces}`;

describeWithRedis("one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  describeStoreContract("redis", ({ clock }) =>
    openRedisStore({ url: redis.url, clock, namespace: namespace(), pauseMs: 0, timeoutMs: 5_000 }),
  );
});

describeWithRedis("a Redis Cluster of three nodes", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  afterAll(() => cluster.stop());

  describeStoreContract("redis cluster", ({ clock }) =>
    openRedisStore({
      url: cluster.urls,
      clock,
      namespace: namespace(),
      pauseMs: 0,
      timeoutMs: 5_000,
    }),
  );
});

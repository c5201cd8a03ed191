import { afterAll, beforeAll } from "vitest";
import { startRedis, type RedisServer } from "@tollgate/testkit";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createMemoryStore } from "../src/index.ts";
import { openRedisStore } from "../src/redis/index.ts";
import { createSlicedStore } from "../src/slices/index.ts";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { describeStoreContract } from "../src/testing/index.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

describeStoreContract("slices above memory", ({ clock }) =>
  createSlicedStore({ ...createMemoryStore({ clock }), scope: "shared" }, { clock }),
);

const folder = mkdtempSync(join(tmpdir(), "tollgate-budget-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
describeStoreContract("slices above SQLite", ({ clock }) =>
  createSlicedStore(openSqliteStore({ path: join(folder, `${files++}.db`), clock }), { clock }),
);

describeWithServer("redis", "one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  let namespaces = 0;
  describeStoreContract("slices above Redis", ({ clock }) => {
    const namespace = `slices-${++namespaces}`;
    const shared = openRedisStore({
      url: redis.url,
      clock,
      namespace,
      pauseMs: 0,
      timeoutMs: 5_000,
    });
    return createSlicedStore(shared, { clock });
  });
});

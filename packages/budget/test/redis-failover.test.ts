import { expect, onTestFinished, test, vi } from "vitest";
import {
  createFakeClock,
  startRedis,
  startRedisCluster,
  type RedisServer,
} from "@tollgate/testkit";
import type { BudgetStore, ReserveAnswer } from "../src/index.ts";
import { openRedisStore, type RedisStoreOptions } from "../src/redis/index.ts";
import { counter } from "../src/testing/store-fixture.ts";
import { openMovingAddress, type MovingAddress } from "./moving-address.ts";
import { amounts, reserveIn, soon } from "./redis-books.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

const TTL_MS = 60_000;
/** Longer than a busy machine takes to answer. */
const PATIENCE_MS = 10_000;
const NOON_MS = Date.UTC(2026, 2, 4, 12);
const total = counter({ budget: "org", window: { kind: "total" } });

const reserve = (store: BudgetStore, leaseId: string, amount: number): Promise<ReserveAnswer> =>
  reserveIn(store, total, leaseId, amount);

interface Pair {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly address: MovingAddress;
  open(options?: Partial<RedisStoreOptions>): BudgetStore;
  /** Waits until the replica has what the primary has. */
  caughtUp(): Promise<void>;
}

/** How far it is in the primary's writes. */
async function offset(server: RedisServer, name: string): Promise<string | undefined> {
  return new RegExp(`${name}:(\\d+)`).exec(await server.command("INFO", "replication"))?.[1];
}

async function startPair(): Promise<Pair> {
  const [primary, replica] = await Promise.all([startRedis(), startRedis()]);
  onTestFinished(async () => void (await Promise.all([primary.stop(), replica.stop()])));
  await primary.command("CONFIG", "SET", "repl-diskless-sync-delay", "0");
  await replica.command("REPLICAOF", "127.0.0.1", String(primary.port));
  const address = await openMovingAddress(primary.port);
  return {
    primary,
    replica,
    address,
    open(options) {
      const url = `redis://127.0.0.1:${address.port}`;
      const store = openRedisStore({ url, pauseMs: 0, timeoutMs: PATIENCE_MS, ...options });
      onTestFinished(() => store.close());
      return store;
    },
    caughtUp: () =>
      soon(async () => {
        expect(await replica.command("INFO", "replication")).toContain("master_link_status:up");
        expect(await offset(replica, "slave_repl_offset")).toBe(
          await offset(primary, "master_repl_offset"),
        );
      }),
  };
}

describeWithServer("redis", "a replica that takes over", () => {
  vi.setConfig({ testTimeout: 40_000 });

  test.each([
    { what: "the end that was lost, a moment old, is booked again", agoMs: 1_000, known: [50, 0] },
    {
      what: "of an end that it should have heard of long ago, what was held is charged later",
      agoMs: 4_000,
      known: [0, 60],
    },
  ])(
    "admits nothing until calls under way are held again, those it never heard of too: $what",
    async ({ agoMs, known: [spent = 0, reserved = 0] }) => {
      const { primary, replica, address, open, caughtUp } = await startPair();
      const clock = createFakeClock(NOON_MS);
      const options = { clock, pauseMs: 3_000 };
      const [store, other] = [open(options), open(options)];
      await store.states();
      await clock.advance(options.pauseMs);
      await reserve(store, "known", 60);
      await caughtUp();
      // From here on nothing reaches the replica: that is what a failover loses.
      await replica.command("REPLICAOF", "NO", "ONE");
      await reserve(other, "lost", 30);
      await store.settle("known", [50]);
      await clock.advance(agoMs);
      address.moveTo(replica.port);
      await primary.kill();
      await soon(() => expect(reserve(store, "too early", 1)).rejects.toThrow("took over"));
      await soon(() => other.renew(["lost"], TTL_MS));
      expect(await amounts(store)).toEqual([spent, reserved + 30]);
      await clock.advance(options.pauseMs);
      const answer = await reserve(store, "after", 71 - spent - reserved);
      const remaining = 70 - spent - reserved;
      expect(answer).toMatchObject({ outcome: "refused", refusals: [{ remaining }] });
      await other.settle("lost", [5]);
      expect(await amounts(store)).toEqual([spent + 5, reserved]);
    },
  );

  test("a primary that became a replica is left for the one that its address leads to now", async () => {
    const { primary, replica, address, open, caughtUp } = await startPair();
    const store = open();
    await reserve(store, "a", 60);
    await caughtUp();
    await replica.command("REPLICAOF", "NO", "ONE");
    address.moveTo(replica.port);
    await primary.command("REPLICAOF", "127.0.0.1", String(replica.port));
    await expect(reserve(store, "b", 1)).rejects.toThrow(/READONLY/);
    await store.settle("a", [25]);
    await soon(async () => expect(await amounts(store)).toEqual([25, 0]));
    expect(await replica.command("INFO", "replication")).toContain("role:master");
  });
});

describeWithServer("redis", "a slot that moves to another node of a cluster", () => {
  test("calls go on there with the books they had", { timeout: 60_000 }, async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    const store = openRedisStore({ url: cluster.urls, pauseMs: 0, timeoutMs: PATIENCE_MS });
    onTestFinished(() => store.close());
    const large = { ...total, limit: 1_000_000 };
    let granted = 0;
    const state = { moving: true };
    const call = async (leaseId: string): Promise<void> => {
      try {
        const answer = await reserveIn(store, large, leaseId, 5);
        if (answer.outcome !== "granted") return;
        granted++;
        await store.settle(leaseId, [3]);
      } catch {
        // It was not let through.
      }
    };
    const caller = async (name: number): Promise<void> => {
      for (let count = 0; state.moving || count < 20; count++) {
        // oxlint-disable-next-line no-await-in-loop -- one caller
        await call(`${name}-${count}`);
      }
    };
    const callers = [1, 2, 3, 4, 5].map(caller);
    await soon(() => expect(granted).toBeGreaterThan(50));
    await moveSlot(cluster.nodes, "tollgate:{default}:meta");
    const before = granted;
    await soon(() => expect(granted).toBeGreaterThan(before + 50));
    state.moving = false;
    await Promise.all(callers);
    await soon(async () => expect(await amounts(store)).toEqual([granted * 3, 0]));
  });
});

async function idOf(node: RedisServer): Promise<string> {
  return (await node.command("CLUSTER", "MYID")).split("\r\n")[1] ?? "";
}

/** Key by key, as `redis-cli --cluster reshard` does. */
async function moveSlot(nodes: readonly RedisServer[], key: string): Promise<void> {
  const [first] = nodes;
  const slot = ((await first?.command("CLUSTER", "KEYSLOT", key)) ?? "").slice(1).trim();
  const owned = await Promise.all(
    nodes.map(async (node) => !(await node.command("EXISTS", key)).startsWith("-MOVED")),
  );
  const source = nodes[owned.indexOf(true)];
  const target = nodes[owned.indexOf(false)];
  if (source === undefined || target === undefined) throw new Error("no two nodes to move between");
  const [sourceId, targetId] = await Promise.all([idOf(source), idOf(target)]);
  await target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
  await source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
  /* oxlint-disable no-await-in-loop -- a few at a time until none is left */
  for (;;) {
    const answer = await source.command("CLUSTER", "GETKEYSINSLOT", slot, "3");
    const keys = answer.match(/tollgate:\S+/g) ?? [];
    if (keys.length === 0) break;
    await source.command(
      "MIGRATE",
      "127.0.0.1",
      String(target.port),
      "",
      "0",
      "5000",
      "KEYS",
      ...keys,
    );
  }
  /* oxlint-enable no-await-in-loop */
  for (const node of [target, source, ...nodes]) {
    // oxlint-disable-next-line no-await-in-loop -- the new owner first
    await node.command("CLUSTER", "SETSLOT", slot, "NODE", targetId);
  }
}

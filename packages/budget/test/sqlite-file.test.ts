import { readdirSync, readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TollgateError } from "@tollgate/core";
import { describe, expect, test } from "vitest";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import { makeFolder } from "./store-folder.ts";

const TOTAL = counter({ window: { kind: "total" } });

function refusalOf(path: string): TollgateError {
  try {
    openSqliteStore({ path });
  } catch (error) {
    if (error instanceof TollgateError) return error;
    throw error;
  }
  throw new Error("it was opened");
}

async function spend(path: string, amount: number): Promise<void> {
  const store = openSqliteStore({ path });
  await store.reserve({ leaseId: "a", ttlMs: 60_000, holds: [hold(TOTAL, amount)] });
  await store.settle("a", [amount]);
  await store.close();
}

describe("a place that cannot be a store is refused:", () => {
  test("a folder", () => {
    const path = makeFolder();
    const { code, message } = refusalOf(path);
    expect(code).toBe("TOLLGATE_STORE_UNAVAILABLE");
    expect(message).toBe(
      `The budget store ${path} does not work: it is a folder; name a file in it, such as budget.db`,
    );
  });

  test("one in a folder that is not there", () => {
    const folder = join(makeFolder(), "none");
    expect(refusalOf(join(folder, "budget.db")).message).toContain(
      `its folder ${folder} is not there; make it, or name another one`,
    );
  });

  test.each(["", ":memory:", "file:budget.db"])("the path %j", (path) => {
    expect(refusalOf(path).message).toContain("write one such as ./budget.db");
  });

  test.runIf(process.platform === "linux")("one that nobody may write to", () => {
    expect(refusalOf("/proc/budget.db")).toMatchObject({
      code: "TOLLGATE_STORE_UNAVAILABLE",
      message: expect.stringContaining("/proc/budget.db"),
    });
  });

  test("a database of another application, which stays as it is", () => {
    const path = join(makeFolder(), "other.db");
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE customers (id INTEGER)");
    other.close();
    expect(refusalOf(path).message).toContain("it is the database of another application");
    const again = new DatabaseSync(path);
    expect(again.prepare("SELECT count(*) AS n FROM customers").get()).toEqual({ n: 0 });
    again.close();
  });

  test("one that a newer version wrote, which stays as it is", async () => {
    const path = join(makeFolder(), "budget.db");
    await spend(path, 7);
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    expect(refusalOf(path).message).toContain(
      "a newer version wrote it (format 99); update @tollgate/budget in this process",
    );
  });
});

describe("a corrupt file", () => {
  const damage: Readonly<Record<string, (content: Buffer) => Buffer>> = {
    "that is no database": () => Buffer.from("not a database at all, ".repeat(1_000)),
    "that was cut off": (content) => content.subarray(0, 5_000),
    "with a page of rubbish": (content) => content.fill(0xa5, 4_096, 3 * 4_096),
    "with a broken header": (content) => content.fill(0, 0, 100),
  };
  test.each(Object.entries(damage))("%s is set aside and said so", async (_name, spoil) => {
    const folder = makeFolder();
    const path = join(folder, "budget.db");
    await spend(path, 7);
    const spoilt = spoil(readFileSync(path));
    writeFileSync(path, spoilt);
    const { code, message } = refusalOf(path);
    expect(code).toBe("TOLLGATE_STORE_CORRUPT");
    const aside = readdirSync(folder).filter((name) => name.includes("corrupt-"));
    expect(aside).toHaveLength(1);
    expect(message).toContain(`was set aside as ${join(folder, aside[0] ?? "")}.`);
    expect(readFileSync(join(folder, aside[0] ?? "")).equals(spoilt)).toBe(true);
    await spend(path, 3);
  });

  test("that turns out to be so at work fails every call and is set aside", async () => {
    const folder = makeFolder();
    const path = join(folder, "budget.db");
    const store = openSqliteStore({ path });
    await store.reserve({ leaseId: "a", ttlMs: 60_000, holds: [hold(TOTAL, 1)] });
    const other = new DatabaseSync(path, { defensive: false });
    other.exec(
      "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = 900000; PRAGMA writable_schema = 0",
    );
    other.exec("PRAGMA schema_version = 77");
    other.close();
    const failing = {
      code: "TOLLGATE_STORE_CORRUPT",
      message: expect.stringContaining("corrupt-"),
    };
    await expect(store.settle("a", [1])).rejects.toMatchObject(failing);
    await expect(store.reserve({ leaseId: "b", ttlMs: 1, holds: [] })).rejects.toMatchObject(
      failing,
    );
    await store.close();
  });
});

test("what was spent is there again after a restart", async () => {
  const path = join(makeFolder(), "budget.db");
  await spend(path, 7);
  const store = openSqliteStore({ path });
  expect((await store.states()).states).toMatchObject([{ spent: 7, reserved: 0 }]);
  await store.close();
});

test("a store that is locked for good fails in time, and keeps the end of a call", async () => {
  const folder = makeFolder();
  const path = join(folder, "budget.db");
  const store = openSqliteStore({ path, maxWaitMs: 50 });
  await store.reserve({ leaseId: "a", ttlMs: 60_000, holds: [hold(TOTAL, 10)] });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await expect(
    store.reserve({ leaseId: "b", ttlMs: 60_000, holds: [hold(TOTAL, 10)] }),
  ).rejects.toMatchObject({ message: expect.stringContaining("another process keeps it locked") });
  expect(await store.settle("a", [7])).toEqual({ notices: [] });
  other.exec("ROLLBACK");
  other.close();
  await store.close();
  const next = openSqliteStore({ path });
  expect((await next.states()).states).toMatchObject([{ spent: 7, reserved: 0 }]);
  await next.close();
});

test("a store that was closed says so", async () => {
  const store = openSqliteStore({ path: join(makeFolder(), "budget.db") });
  await store.close();
  await expect(store.settle("a", [1])).rejects.toThrow("it was closed; open it again");
});

test("a call with an amount that makes no sense fails alone", async () => {
  const store = openSqliteStore({ path: join(makeFolder(), "budget.db") });
  const reserve = (leaseId: string, amount: number) =>
    store.reserve({ leaseId, ttlMs: 60_000, holds: [hold(TOTAL, amount, "never")] });
  const results = await Promise.allSettled([reserve("a", 1), reserve("b", NaN), reserve("c", 2)]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await store.states()).states).toMatchObject([{ reserved: 3 }]);
  await store.close();
});

test("a folder made beside the file is left alone", async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "budget.db.outbox-1.jsonl"));
  await spend(join(folder, "budget.db"), 1);
  expect(readdirSync(folder)).toContain("budget.db.outbox-1.jsonl");
});

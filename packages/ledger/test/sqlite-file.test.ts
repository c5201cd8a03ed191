import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { runNode, type NodeProcess } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { openSqliteLedger } from "../src/sqlite/index.ts";
import { ledgerEvent } from "../src/testing/ledger-fixture.ts";
import { ledgerPath } from "./ledger-folder.ts";
import { expectRollUpsToAgree } from "./recount.ts";

test("a file that is no database is set aside, with its path in the error", () => {
  const path = ledgerPath();
  writeFileSync(path, "something else ".repeat(1_000));
  expect(() => openSqliteLedger({ path })).toThrow(
    expect.objectContaining({
      code: "TOLLGATE_STORE_CORRUPT",
      message: expect.stringMatching(/set aside as .*ledger\.db\.corrupt-/),
    }),
  );
  const [aside = ""] = readdirSync(dirname(path));
  expect(readFileSync(join(dirname(path), aside), "utf8")).toMatch(/^something else/);
});

test("a file of a newer version is refused and stays as it is", async () => {
  const path = ledgerPath();
  await openSqliteLedger({ path }).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  expect(() => openSqliteLedger({ path })).toThrow(
    /newer version wrote it \(format 99\); update @tollgate\/ledger/,
  );
  expect(readdirSync(dirname(path))).toContain("ledger.db");
});

test("the database of another application is refused", () => {
  const path = ledgerPath();
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE cats (name TEXT)");
  db.close();
  expect(() => openSqliteLedger({ path })).toThrow(/database of another application/);
});

test(
  "processes that write one file at the same time lose nothing, and a reader sees sums that fit",
  { timeout: 120_000 },
  async () => {
    const path = ledgerPath();
    const reader = openSqliteLedger({ path });
    const children = Array.from({ length: 3 }, () => startWriter(path));
    await Promise.all(children.map((child) => child.untilStdout(/ready/)));
    for (const child of children) child.write("go\n");
    const exits = Promise.all(children.map(({ exited }) => exited));
    const over = exits.then(() => true);
    const goOn = new Promise<boolean>((resolve) => {
      setImmediate(resolve, false);
    });
    while (!(await Promise.race([over, goOn]))) {
      const { events, by } = await reader.summary({ by: ["agent"] });
      expect(by.agent?.reduce((sum, group) => sum + group.events, 0)).toBe(events);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect((await exits).map(({ code, stderr }) => [code, stderr])).toEqual(
      children.map(() => [0, ""]),
    );
    expect(await expectRollUpsToAgree(reader)).toHaveLength(3 * 400);
    await reader.close();
  },
);

function startWriter(path: string): NodeProcess {
  return runNode({
    script: join(import.meta.dirname, "ledger-process.ts"),
    args: [path, "recordSome"],
    nodeArgs: ["--conditions=source"],
  });
}

test("a ledger that is opened again goes on where it was", async () => {
  const path = ledgerPath();
  const first = openSqliteLedger({ path });
  await first.record([ledgerEvent({ id: "a" }), ledgerEvent({ id: "b" })]);
  await first.deleteEventsBefore(Date.UTC(2027, 0));
  await first.close();
  const second = openSqliteLedger({ path });
  const event = ledgerEvent({ id: "c", timeMs: Date.UTC(2027, 1) });
  await second.record([event]);
  // Sequences of deleted events are not given again: a cursor that names one stays right.
  const [kept] = (await second.events({}, {})).events;
  expect(kept?.sequence).toBe(3);
  expect(await second.summary({})).toMatchObject({ events: 3 });
  await second.close();
});

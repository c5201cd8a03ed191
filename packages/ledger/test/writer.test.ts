import { join } from "node:path";
import { TollgateError } from "@tollgate/core";
import { createFakeClock, runNode } from "@tollgate/testkit";
import { expect, test, vi } from "vitest";
import type { Ledger, LedgerEvent } from "../src/index.ts";
import { openSqliteLedger } from "../src/sqlite/index.ts";
import { ledgerEvent } from "../src/testing/ledger-fixture.ts";
import { createLedgerWriter } from "../src/writer/index.ts";
import { ledgerPath } from "./ledger-folder.ts";

/** A real ledger that can be taken away for a while. */
function openShaky() {
  const ledger = openSqliteLedger({ path: ledgerPath() });
  const shaky = { isAway: false, tries: 0 };
  const record: Ledger["record"] = async (batch) => {
    shaky.tries++;
    if (shaky.isAway) throw new TollgateError("TOLLGATE_STORE_UNAVAILABLE", "away");
    return ledger.record(batch);
  };
  return { ledger: { ...ledger, record }, shaky };
}

function events(count: number, from = 0): LedgerEvent[] {
  return Array.from({ length: count }, (_, index) => ledgerEvent({ id: `e${from + index}` }));
}

test("writes what an app says under its call's id", async () => {
  const { ledger } = openShaky();
  const writer = createLedgerWriter(ledger);
  const { key: _key, source: _source, ...said } = ledgerEvent({ id: "abc" });
  writer.write(said);
  writer.write(said);
  expect(await writer.flush()).toBe(true);
  const { events: kept } = await ledger.events({}, {});
  expect(kept).toMatchObject([{ key: "call:abc", source: "instrumentation" }]);
  await writer.close();
  await ledger.close();
});

test("writes by itself after a while, in batches", async () => {
  const { ledger, shaky } = openShaky();
  const clock = createFakeClock();
  const writer = createLedgerWriter(ledger, { clock, delayMs: 100, batchEvents: 50 });
  for (const event of events(30)) writer.write(event);
  expect(shaky.tries).toBe(0);
  await clock.advance(100);
  await vi.waitFor(() => expect(writer.pending()).toBe(0));
  expect(shaky.tries).toBe(1);
  // A full batch does not wait.
  for (const event of events(50, 30)) writer.write(event);
  await vi.waitFor(() => expect(writer.pending()).toBe(0));
  expect(await ledger.summary({})).toMatchObject({ events: 80 });
  await writer.close();
  await ledger.close();
});

test("keeps events while the ledger is away, up to a limit, and tries again at longer pauses", async () => {
  const { ledger, shaky } = openShaky();
  const clock = createFakeClock();
  const writer = createLedgerWriter(ledger, { clock, maxEvents: 10, random: () => 1 });
  shaky.isAway = true;
  for (const event of events(12)) writer.write(event);
  expect(await writer.flush()).toBe(false);
  expect([writer.pending(), writer.dropped(), shaky.tries]).toEqual([10, 2, 1]);
  await clock.advance(499);
  expect(shaky.tries).toBe(1);
  await clock.advance(1);
  await vi.waitFor(() => expect(shaky.tries).toBe(2));
  shaky.isAway = false;
  await clock.advance(1_000);
  await vi.waitFor(() => expect(writer.pending()).toBe(0));
  expect(await ledger.summary({})).toMatchObject({ events: 10 });
  await writer.close();
  await ledger.close();
});

test("loses only the event that no ledger could keep", async () => {
  const { ledger } = openShaky();
  const writer = createLedgerWriter(ledger);
  const broken = {
    ...ledgerEvent({ id: "broken" }),
    get usage(): undefined {
      throw new Error("odd");
    },
  };
  const writeAll = (): void => {
    for (const event of [...events(1), broken, ...events(1, 1)]) writer.write(event);
  };
  expect(writeAll).not.toThrow();
  await writer.flush();
  expect(await ledger.summary({})).toMatchObject({ events: 2 });
  await writer.close();
  await ledger.close();
});

test.each([
  ["exit", { code: 0, signal: undefined }],
  ["terminate", { code: undefined, signal: "SIGTERM" }],
  ["fail", { code: 1, signal: undefined }],
  ["goOn", { code: 0, signal: undefined }],
])("writes what waits when the process ends: %s", { timeout: 60_000 }, async (job, end) => {
  const path = ledgerPath();
  const exit = await runNode({
    script: join(import.meta.dirname, "ledger-process.ts"),
    args: [path, job],
    nodeArgs: ["--conditions=source"],
  }).exited;
  expect(exit).toMatchObject(end);
  const ledger = openSqliteLedger({ path });
  expect(await ledger.summary({})).toMatchObject({ events: 1_000 });
  await ledger.close();
});

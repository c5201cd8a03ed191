import { startPostgres, type PostgresServer } from "@tollgate/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ledger, LedgerEvent } from "../src/index.ts";
import { openPostgresLedger } from "../src/postgres/index.ts";
import { openSqliteLedger } from "../src/sqlite/index.ts";
import { DAY, heldUntil, ledgerEvent, money, NOON_MS } from "../src/testing/ledger-fixture.ts";
import { ledgerPath } from "./ledger-folder.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

interface Step {
  readonly kind: "record" | "hold" | "resolve" | "delete";
  readonly events: readonly LedgerEvent[];
  readonly others: readonly LedgerEvent[];
  readonly beforeMs: number;
}

const event = fc
  .record({
    number: fc.nat(12),
    day: fc.integer({ min: -40, max: 5 }),
    cost: fc.nat(1_000),
    task: fc.option(fc.constantFrom("t1", "t2"), { nil: undefined }),
    organization: fc.constantFrom("a", undefined),
  })
  .map(({ number, day, cost, task, organization }) =>
    ledgerEvent({
      id: `e${number}`,
      timeMs: NOON_MS + day * DAY + number * 1_000_003,
      cost: money(cost),
      attribution: { organization, task },
    }),
  );

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("record", "record", "hold", "resolve", "delete"),
    events: fc.array(event, { maxLength: 4 }),
    others: fc.array(event, { maxLength: 2 }),
    beforeMs: fc.integer({ min: -45, max: 0 }).map((day) => NOON_MS + day * DAY),
  }),
  { maxLength: 15 },
);

function keyOf({ key, attribution }: LedgerEvent): string {
  return `${attribution.organization}/${key}`;
}

/** What a ledger should say, in the simplest way. */
function createModel() {
  const known = new Map<string, { state: string; event: LedgerEvent }>();
  let deletedBeforeMs = 0;
  const totals = { all: 0, events: 0, byTask: new Map<string | undefined, number>() };

  function put(each: LedgerEvent, state: string, ends: boolean): boolean {
    const there = known.get(keyOf(each));
    if (there !== undefined && !(ends && there.state === "waiting")) return false;
    if (there === undefined && each.timeMs < deletedBeforeMs) return false;
    known.set(keyOf(each), { state, event: each });
    if (state !== "booked") return true;
    const cost = each.cost.totalNanoUsd ?? 0;
    const { task } = each.attribution;
    totals.all += cost;
    totals.events++;
    totals.byTask.set(task, (totals.byTask.get(task) ?? 0) + cost);
    return true;
  }

  return {
    totals,
    states: (state: string) => [...known.values()].filter((each) => each.state === state).length,
    run({ kind, events, others, beforeMs }: Step): readonly boolean[] {
      if (kind === "record") return events.map((each) => put(each, "booked", false));
      if (kind === "hold") return events.map((each) => put(each, "waiting", false));
      if (kind === "resolve") {
        return [
          ...events.map((each) => put(each, "booked", true)),
          ...others.map((each) => put(each, "duplicate", true)),
        ];
      }
      deletedBeforeMs = Math.max(deletedBeforeMs, beforeMs);
      for (const [key, { state, event: each }] of known) {
        if (state !== "waiting" && each.timeMs < beforeMs) known.delete(key);
      }
      return [];
    },
  };
}

async function run(
  ledger: Ledger,
  { kind, events, others, beforeMs }: Step,
): Promise<readonly boolean[]> {
  if (kind === "record") return (await ledger.record(events)).fresh;
  if (kind === "hold") {
    const taken = await ledger.take(heldUntil(events, NOON_MS));
    return taken === "conflict" ? [] : taken.fresh;
  }
  if (kind === "resolve") {
    return (await ledger.resolve({ booked: events, duplicates: others })).fresh;
  }
  await ledger.deleteEventsBefore(beforeMs);
  return [];
}

async function agrees(ledger: Ledger, taken: readonly Step[]): Promise<void> {
  const model = createModel();
  for (const step of taken) expect(await run(ledger, step)).toEqual(model.run(step));
  const summary = await ledger.summary({ by: ["task"] });
  expect([summary.events, summary.costNanoUsd]).toEqual([model.totals.events, model.totals.all]);
  const told = summary.by.task?.map(({ value, costNanoUsd }) => [value, costNanoUsd] as const);
  expect(new Map(told)).toEqual(model.totals.byTask);
  const days = await ledger.series({ step: "day", timezone: "Europe/Berlin" });
  const drawn = days.flatMap(({ points }) => points.map(({ costNanoUsd }) => costNanoUsd));
  expect(drawn.reduce((sum, cost) => sum + cost, 0)).toBe(model.totals.all);
  for (const state of ["waiting", "booked", "duplicate"] as const) {
    const { events } = await ledger.events({ state }, { limit: 1_000 });
    expect([state, events.length]).toEqual([state, model.states(state)]);
  }
}

describe("any sequence of bookings, on SQLite", () => {
  test("gives the model's answers and sums", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const ledger = openSqliteLedger({ path: ledgerPath() });
        await agrees(ledger, taken).finally(() => ledger.close());
      }),
      { numRuns: 60 },
    );
  });
});

describeWithServer("postgres", "any sequence of bookings, on PostgreSQL", () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  test("gives the model's answers and sums", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const ledger = await openPostgresLedger({ url: server.url, schema: `model_${++schemas}` });
        await agrees(ledger, taken).finally(() => ledger.close());
      }),
      { numRuns: 25 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createMemoryStore,
  verifyLedger,
  type BudgetLease,
  type BudgetStore,
  type JournalEvent,
  type LedgerFaultKind,
  type PolicyInput,
} from "../src/index.ts";
import { bench, by, call, dollars, granted, now, policy, type Bench } from "./budget-call.ts";

interface Journaled extends Bench {
  readonly journal: JournalEvent[];
}

function journaled(policies: readonly PolicyInput[], store?: BudgetStore): Journaled {
  const journal: JournalEvent[] = [];
  return { ...bench(policies, { store, onJournal: (event) => journal.push(event) }), journal };
}

const kinds = (journal: readonly JournalEvent[]): string[] => journal.map(({ kind }) => kind);

/** A day with something of everything. */
async function busyDay(): Promise<JournalEvent[]> {
  const { processor, clock, journal, lease, spend } = journaled([
    policy({ limit: { usd: 10, requests: 100 } }),
    policy({ id: "users", each: ["user"], limit: { usd: 6 }, window: { rolling: "1h" } }),
  ]);
  const late = lease(by({ user: "ada" }, { id: "late" }));
  spend(1.5, by({ user: "bob" }, { id: "overrun" }));
  void lease(by({ user: "bob" }, { id: "released" })).release();
  await clock.advance(3_700_000);
  void processor.states();
  await clock.advance(200_000);
  await processor.topUp({ budget: "budget", amount: { usd: 5 } });
  await processor.freeze({ budget: "users", scope: { user: "eve" } });
  void processor.reserve(by({ user: "eve" }, { id: "frozen" }));
  await processor.override({
    budget: "budget",
    limit: { requests: 4 },
    untilMs: clock.now() + 60_000,
  });
  spend(0.5, by({ user: "ada" }, { id: "settled" }));
  void processor.reserve(call({ id: "too-many" }));
  await processor.endOverride({ budget: "budget" });
  await processor.unfreeze({ budget: "users", scope: { user: "eve" } });
  spend(1, by({ user: "eve" }, { id: "thawed" }));
  void late.settle(dollars(0.25));
  void processor.charge({ ...call({ id: "fetched" }), used: dollars(20), requests: 3 });
  void processor.reserve(call({ id: "exceeded" }));
  lease(by({}, { id: "open", underway: true }));
  return journal;
}

describe("the journal", () => {
  test("tells what happened, in order", async () => {
    expect(kinds(await busyDay())).toMatchInlineSnapshot(`
      [
        "reserved",
        "reserved",
        "settled",
        "overrun",
        "overrun",
        "reserved",
        "released",
        "presumed",
        "presumed",
        "presumed",
        "top_up",
        "freeze",
        "refused",
        "override",
        "reserved",
        "settled",
        "reserved",
        "override_ended",
        "override_ended",
        "override_ended",
        "unfreeze",
        "reserved",
        "settled",
        "corrected",
        "reserved",
        "settled",
        "refused",
        "reserved",
      ]
    `);
  });

  test("of a busy day holds, also after it has been through JSON", async () => {
    const journal = await busyDay();
    const report = verifyLedger(journal);
    expect(report).toMatchObject({ ok: true, faults: [], events: journal.length });
    expect(report.leases).toMatchInlineSnapshot(`
      {
        "open": 2,
        "presumed": 0,
        "released": 1,
        "reserved": 8,
        "settled": 5,
      }
    `);
    const lines: JournalEvent[] = JSON.parse(JSON.stringify(journal));
    expect(verifyLedger(lines).faults).toEqual([]);
    expect(verifyLedger(lines, { complete: false }).faults).toEqual([]);
  });

  test("says when a store did not answer, and what the process counted meanwhile", async () => {
    const store = createMemoryStore();
    let away = false;
    const guarded: BudgetStore = {
      ...store,
      reserve(request) {
        if (away) throw new Error("connection refused");
        return store.reserve(request);
      },
      settle(id, amounts) {
        if (away) throw new Error("connection refused");
        return store.settle(id, amounts);
      },
    };
    const { journal, lease, spend } = journaled([policy()], guarded);
    const before = lease(call({ id: "before" }));
    away = true;
    void before.settle(dollars(1));
    spend(1, call({ id: "meanwhile" }));
    expect(journal.map(({ kind, ...rest }) => [kind, "lease" in rest && rest.lease])).toEqual([
      ["reserved", "before"],
      ["lost", "before"],
      ["lost", "meanwhile"],
      ["reserved", "meanwhile~1"],
      ["settled", "meanwhile~1"],
    ]);
    expect(verifyLedger(journal)).toMatchObject({ ok: true, leases: { open: 1, settled: 1 } });
  });

  test("that throws disturbs nobody", () => {
    const { spend, states } = bench([policy()], {
      onJournal: () => {
        throw new Error("disk full");
      },
    });
    spend(1);
    expect(states()).toMatchObject([{ spent: 1e9 }]);
  });
});

type Edit = (journal: JournalEvent[]) => JournalEvent[];

/** Changes the first event of a kind that a predicate accepts. */
function change<Kind extends JournalEvent["kind"]>(
  kind: Kind,
  lease: string | undefined,
  edit: (event: Extract<JournalEvent, { kind: Kind }>) => readonly JournalEvent[],
): Edit {
  return (journal) => {
    let done = false;
    const isMeant = (event: JournalEvent): event is Extract<JournalEvent, { kind: Kind }> =>
      event.kind === kind && (lease === undefined || ("lease" in event && event.lease === lease));
    const edited = journal.flatMap((event) => {
      if (done || !isMeant(event)) return [event];
      done = true;
      return edit(event);
    });
    if (!done) throw new Error(`no ${kind} to change`);
    return edited;
  };
}

const PLANTED: readonly [string, LedgerFaultKind, Edit][] = [
  ["a lease that ends twice", "ended_twice", change("settled", "settled", (e) => [e, e])],
  [
    "a release after a settle",
    "ended_twice",
    change("settled", "settled", (e) => [e, { ...e, kind: "released" }]),
  ],
  ["a lost reservation", "unknown_lease", change("reserved", "settled", () => [])],
  ["a reservation written twice", "reserved_twice", change("reserved", "settled", (e) => [e, e])],
  ["a lost settlement", "sum_mismatch", change("settled", "settled", () => [])],
  ["a lost release", "sum_mismatch", change("released", "released", () => [])],
  ["a lost expiry", "not_presumed", change("presumed", "late", () => [])],
  [
    "a settlement of other amounts",
    "sum_mismatch",
    change("settled", "settled", (e) => [
      { ...e, charges: e.charges.map((one) => ({ ...one, used: one.used - 1 })) },
    ]),
  ],
  [
    "a settlement of another hold",
    "amount_mismatch",
    change("settled", "settled", (e) => [
      { ...e, charges: e.charges.map((one) => ({ ...one, held: one.held + 1 })) },
    ]),
  ],
  [
    "a settlement that leaves a counter out",
    "amount_mismatch",
    change("settled", "settled", (e) => [{ ...e, charges: e.charges.slice(1) }]),
  ],
  [
    "a presumed amount that was not held",
    "amount_mismatch",
    change("presumed", "late", (e) => [{ ...e, amount: e.amount + 1 }]),
  ],
  [
    "a shrunken hold",
    "sum_mismatch",
    change("reserved", "settled", (e) => [
      { ...e, holds: e.holds.map((one) => ({ ...one, amount: one.amount - 1 })) },
    ]),
  ],
  [
    "a hold that does not fit",
    "over_limit",
    change("reserved", "late", (e) => [
      { ...e, holds: e.holds.map((one) => ({ ...one, counter: { ...one.counter, limit: 0 } })) },
    ]),
  ],
  ["an overrun that is not told", "overrun_missing", change("overrun", "overrun", () => [])],
  ["an overrun told twice", "overrun_unfounded", change("overrun", "overrun", (e) => [e, e])],
  ["a top-up that is not told", "sum_mismatch", change("top_up", undefined, () => [])],
  ["an unfreeze that is not told", "frozen", change("unfreeze", undefined, () => [])],
  ["an override that is not told", "sum_mismatch", change("override", undefined, () => [])],
  [
    "a correction of what was not presumed",
    "not_presumed",
    change("settled", "settled", (e) => [{ ...e, kind: "corrected" }]),
  ],
  ["an amount below zero", "malformed", change("presumed", "late", (e) => [{ ...e, amount: -1 }])],
  [
    "half a token",
    "malformed",
    change("settled", "settled", (e) => [
      { ...e, charges: e.charges.map((one) => ({ ...one, used: 0.5 })) },
    ]),
  ],
];

test.each([
  "null",
  "{}",
  "[1]",
  '"text"',
  '{"kind":"reserved","atMs":1,"doneMs":1}',
  '{"kind":"spent","atMs":1,"doneMs":1}',
])("the line %s is none of a journal's", (line) => {
  expect(verifyLedger([JSON.parse(line)]).faults).toMatchObject([{ kind: "malformed", index: 0 }]);
});

describe("the checker finds", () => {
  test.each(PLANTED)("%s", async (_name, kind, edit) => {
    const report = verifyLedger(edit(await busyDay()));
    expect(report.ok).toBe(false);
    expect(report.faults.map((fault) => fault.kind)).toContain(kind);
  });

  test("a store that lets calls through above the limit", () => {
    for (const complete of [true, false]) {
      const store = createMemoryStore();
      const lax: BudgetStore = {
        ...store,
        reserve: (request) =>
          store.reserve({
            ...request,
            holds: request.holds.map((hold) => ({ ...hold, check: "never" })),
          }),
      };
      const { journal, spend } = journaled([policy()], lax);
      for (let calls = 0; calls < 11; calls++) spend(1);
      expect(verifyLedger(journal, { complete }).faults).toMatchObject([{ kind: "over_limit" }]);
    }
  });

  test("a store that forgets a settlement", () => {
    const store = createMemoryStore();
    const forgetful: BudgetStore = { ...store, settle: (id) => store.release(id) };
    const { journal, spend } = journaled([policy()], forgetful);
    spend(1);
    spend(1);
    expect(verifyLedger(journal).faults).toMatchObject([{ kind: "sum_mismatch", index: 2 }]);
  });
});

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ reserve: fc.nat(3), usd: fc.integer({ min: 0, max: 8 }) }) },
  { weight: 4, arbitrary: fc.record({ settle: fc.nat(20), usd: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ topUp: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ freeze: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ waitMs: fc.constantFrom(500, 40_000, 130_000, 7_200_000, 86_400_000) }),
  },
);

test("every journal of any sequence of operations holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const { processor, clock, journal } = journaled([
        policy({ onExceed: "deny" }),
        policy({ id: "rolling", limit: { usd: 20 }, window: { rolling: "1h", buckets: 4 } }),
        policy({ id: "task", limit: { usd: 15, requests: 6 }, window: "task" }),
        policy({ id: "hard", limit: { tokens: 900 }, window: "total", guarantee: "hard" }),
      ]);
      const leases: BudgetLease[] = [];
      for (const one of steps) {
        if ("waitMs" in one) await clock.advance(one.waitMs);
        if ("topUp" in one) await processor.topUp({ budget: "budget", amount: { usd: one.topUp } });
        if ("freeze" in one) {
          await (one.freeze ? processor.freeze : processor.unfreeze)({ budget: "rolling" });
        }
        if ("reserve" in one) {
          const asked = by({ task: `t${one.reserve}` }, { usd: one.usd });
          const decision = now(processor.reserve(asked));
          if (decision.granted) leases.push(granted(decision));
        }
        if ("settle" in one) void leases[one.settle]?.settle(dollars(one.usd));
        if ("release" in one) void leases[one.release]?.release();
      }
      expect(verifyLedger(journal).faults).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

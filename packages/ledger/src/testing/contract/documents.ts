import { expect } from "vitest";
import type { PendingCharge } from "../../ledger.ts";
import { all, heldUntil, ledgerEvent, NOON_MS } from "../ledger-fixture.ts";
import type { ContractTest } from "./contract-test.ts";

const chargesFor = (fresh: readonly { readonly id: string }[]): readonly PendingCharge[] =>
  fresh.map(({ id }) => ({ id, owner: "me", payload: {} }));

export function describeDocuments(fact: ContractTest): void {
  fact("keeps documents, and counts their versions", async ({ ledger }) => {
    expect(await ledger.documents(["a", "b"])).toEqual(new Map());
    expect(await ledger.putDocuments([{ key: "a", value: { n: 1 }, ifVersion: 0 }])).toBe(true);
    expect(await ledger.putDocuments([{ key: "a", value: [2, null], ifVersion: 1 }])).toBe(true);
    expect(await ledger.documents(["b", "a"])).toEqual(
      new Map([["a", { value: [2, null], version: 2 }]]),
    );
  });

  fact("writes all documents or, when one was changed in between, none", async ({ ledger }) => {
    await ledger.putDocuments([{ key: "a", value: 1, ifVersion: 0 }]);
    const late = [
      { key: "b", value: 2, ifVersion: 0 },
      { key: "a", value: 2, ifVersion: 0 },
    ];
    expect(await ledger.putDocuments(late)).toBe(false);
    expect(await ledger.documents(["a", "b"])).toEqual(new Map([["a", { value: 1, version: 1 }]]));
    expect(await ledger.putDocuments([{ key: "a", value: 3, ifVersion: 2 }])).toBe(false);
  });

  fact("takes what counts, what waits and what is told twice in one step", async ({ ledger }) => {
    const [booked, duplicate, soon, later] = ["a", "b", "c", "d"].map((id) => ledgerEvent({ id }));
    if (!booked || !duplicate || !soon || !later) throw new Error("four events");
    const intake = {
      booked: [booked],
      duplicates: [duplicate],
      held: [
        { event: soon, dueAtMs: NOON_MS },
        { event: later, dueAtMs: NOON_MS + 1_000 },
      ],
      documents: [{ key: "series:2", value: 1, ifVersion: 0 }],
    };
    expect(await ledger.take(intake, chargesFor)).toEqual({
      fresh: [true, true, true, true],
      outdated: 0,
    });
    expect(await ledger.take({ ...intake, documents: [] }, chargesFor)).toEqual({
      fresh: [false, false, false, false],
      outdated: 0,
    });
    const more = { ...intake, booked: [ledgerEvent({ id: "e" })] };
    expect(await ledger.take(more, chargesFor)).toBe("conflict");
    expect(await ledger.summary({})).toMatchObject({ events: 1 });
    const duplicates = await all(ledger.scan({ state: "duplicate" }));
    expect(duplicates.map(({ id }) => id)).toEqual(["b"]);
    expect((await ledger.overdue(NOON_MS + 1, 10)).map(({ id }) => id)).toEqual(["c"]);
    expect((await ledger.pendingCharges({ owner: "me" })).map(({ id }) => id)).toEqual(["a"]);
  });

  fact("holds events with documents, or neither", async ({ ledger }) => {
    const events = [ledgerEvent({ key: "point:1" })];
    const change = { key: "series:1", value: 10, ifVersion: 0 };
    expect(await ledger.take({ ...heldUntil(events, NOON_MS), documents: [change] })).toMatchObject(
      { fresh: [true] },
    );
    const others = [ledgerEvent({ key: "point:2" })];
    expect(await ledger.take({ ...heldUntil(others, NOON_MS), documents: [change] })).toBe(
      "conflict",
    );
    const held = await ledger.overdue(Number.MAX_SAFE_INTEGER, 10);
    expect(held.map(({ key }) => key)).toEqual(["point:1"]);
  });

  fact("lets one of many who write a document at once succeed", async ({ ledger }) => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, value) =>
        ledger.putDocuments([
          { key: "one", value, ifVersion: 0 },
          { key: `own-${value}`, value, ifVersion: 0 },
        ]),
      ),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    const keys = [...(await ledger.documents(answers.map((_, value) => `own-${value}`))).keys()];
    expect(keys).toHaveLength(1);
  });

  fact("deletes documents that begin so and are old", async ({ ledger, clock }) => {
    await ledger.putDocuments([
      { key: "series:1", value: 1, ifVersion: 0 },
      { key: "serious", value: 1, ifVersion: 0 },
    ]);
    expect(await ledger.deleteDocuments("series:", clock.now() - 1)).toBe(0);
    expect(await ledger.deleteDocuments("series:", clock.now() + 1)).toBe(1);
    expect([...(await ledger.documents(["series:1", "serious"])).keys()]).toEqual(["serious"]);
  });
}

import { createBudgetProcessor, type BudgetProcessor } from "@tollgate/budget";
import { budgetExceeded } from "@tollgate/core";
import { describe, expect, test } from "vitest";
import { ASK, KINDS, openSession } from "./realtime-session.ts";
import { reservedOf, spentOf } from "./setup.ts";

/** Answers nothing until its gate opens. */
function slowBudget(): { budget: BudgetProcessor; gate: PromiseWithResolvers<void> } {
  const inner = createBudgetProcessor({ policies: [] });
  const gate = Promise.withResolvers<void>();
  const reserve: BudgetProcessor["reserve"] = async (call) => {
    await gate.promise;
    return inner.reserve(call);
  };
  return { budget: { ...inner, reserve }, gate };
}

describe.each(KINDS)("a realtime session on a %s socket, under budgets,", (kind) => {
  test("is gated: what a budget cannot bear is not sent, and the app hears why", async () => {
    const policies = [{ id: "all", limit: { usd: 0.03 }, window: "day" }];
    const session = await openSession(kind, { policies });
    session.server.enqueue({ usage: { textInput: 5_000, textOutput: 500, audioOutput: 0 } });
    session.send(ASK);
    expect((await session.nextEvent()).cost.totalNanoUsd).toBe(28_000_000);
    session.send({ type: "response.create", event_id: "mine" });
    const refused = await session.message("error");
    expect(refused).toMatchObject({
      error: { code: "tollgate_budget_exceeded", event_id: "mine", param: null },
    });
    expect(budgetExceeded(refused)).toMatchObject({ budget: "all", reason: "exceeded" });
    expect(await session.nextEvent()).toMatchObject({ outcome: "refused", usage: undefined });
    expect(session.connection.received.filter(({ type }) => type === ASK.type)).toHaveLength(1);

    // The user goes on talking: that is charged, since nobody can refuse it.
    session.server.enqueue({ usage: { textInput: 5_000, textOutput: 500, audioOutput: 0 } });
    session.connection.speak();
    expect(await session.nextEvent()).toMatchObject({ outcome: "ok" });
    expect(await spentOf(session.budget)).toBe(56_000_000);
    expect(await reservedOf(session.budget)).toBe(0);
  });

  test("is refused by a hard budget, which cannot bound it", async () => {
    const policies = [{ id: "hard", limit: { usd: 5 }, window: "day", guarantee: "hard" }];
    const session = await openSession(kind, { policies });
    session.send(ASK);
    expect(budgetExceeded(await session.message("error"))).toMatchObject({ reason: "unboundable" });
  });

  test("keeps the order of messages while a budget makes one wait", async () => {
    const { budget, gate } = slowBudget();
    const session = await openSession(kind, { budget });
    session.send(ASK);
    session.send({ type: "session.update", session: { instructions: "Be brief." } });
    expect(session.connection.received).toEqual([]);
    gate.resolve();
    await session.message("session.updated");
    expect(session.connection.received.map(({ type }) => type)).toEqual([
      ASK.type,
      "session.update",
    ]);
    expect(await session.nextEvent()).toMatchObject({ outcome: "ok" });
  });

  test("drops the question that waits when the app closes, and sends the rest", async () => {
    const { budget, gate } = slowBudget();
    const session = await openSession(kind, { budget });
    session.send(ASK);
    session.send({ type: "session.update", session: {} });
    session.socket.close();
    await session.connection.closed;
    expect(session.connection.received.map(({ type }) => type)).toEqual(["session.update"]);
    gate.resolve();
    await gate.promise;
    expect(session.events).toEqual([]);
  });
});

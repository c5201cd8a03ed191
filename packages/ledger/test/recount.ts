import { expect } from "vitest";
import type { Dimension, Ledger, StoredEvent } from "../src/index.ts";
import { all } from "../src/testing/ledger-fixture.ts";

const BY: readonly Dimension[] = ["organization", "agent", "task", "session", "outcome"];

/** Holds the roll-ups against a recount of the events. */
export async function expectRollUpsToAgree(ledger: Ledger): Promise<readonly StoredEvent[]> {
  const events = await all(ledger.scan({}));
  const summary = await ledger.summary({ by: BY, top: 10_000 });
  const cost = events.reduce((sum, event) => sum + (event.cost.totalNanoUsd ?? 0), 0);
  expect([summary.events, summary.costNanoUsd]).toEqual([events.length, cost]);
  for (const dimension of BY) {
    const counted = new Map<string | undefined, number>();
    for (const event of events) {
      const value = valueOf(event, dimension);
      counted.set(value, (counted.get(value) ?? 0) + 1);
    }
    const told = new Map(summary.by[dimension]?.map(({ value, events: count }) => [value, count]));
    expect([dimension, told]).toEqual([dimension, counted]);
  }
  const days = await ledger.series({ step: "day" });
  const drawn = days.flatMap(({ points }) => points.map((point) => point.events));
  expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(events.length);
  return events;
}

function valueOf({ attribution, outcome }: StoredEvent, dimension: Dimension): string | undefined {
  const { organization, agent, task, session } = attribution;
  const values: Partial<Record<Dimension, string | undefined>> = {
    organization,
    agent,
    task,
    session,
    outcome,
  };
  return values[dimension];
}

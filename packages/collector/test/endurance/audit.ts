import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import { openPostgresLedger } from "@tollgate/ledger/postgres";
import type { EventState, Ledger, StoredEvent } from "@tollgate/ledger";
import { expect, vi } from "vitest";
import { z } from "zod";
import type { Sender } from "./sender.ts";

const countersSchema = z.object({
  budgets: z.array(
    z.object({
      id: z.string(),
      counters: z.array(z.object({ unit: z.string(), spent: z.number(), reserved: z.number() })),
    }),
  ),
});

/** What a budget has counted, by unit. */
export async function readSpent(url: string, id: string): Promise<Record<string, number>> {
  const { budgets } = countersSchema.parse(await (await fetch(`${url}/v1/budgets`)).json());
  const counters = budgets.find((each) => each.id === id)?.counters ?? [];
  return Object.fromEntries(counters.map(({ unit, spent }) => [unit, spent]));
}

function openLedgerAt(where: string): Promise<Ledger> | Ledger {
  return where.startsWith("postgres:")
    ? openPostgresLedger({ url: where })
    : openSqliteLedger({ path: where });
}

async function allOf(ledger: Ledger, state: EventState): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of ledger.scan({ state })) events.push(event);
  return events;
}

export interface Audited {
  readonly where: string;
  /** Of a collector that goes on running. */
  readonly url: string;
  readonly senders: readonly Sender[];
  readonly timeoutMs: number;
}

export interface Sums {
  /** All there are, duplicates included. */
  readonly events: number;
  readonly calls: number;
  /** Tokens that count. */
  readonly byProject: Readonly<Record<string, number>>;
}

function tokensOf({ usage }: StoredEvent): number {
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
}

/** Waits until nothing waits, then holds ledger, budgets and senders against each other. */
export async function expectAgreement({ where, url, senders, timeoutMs }: Audited): Promise<Sums> {
  const ledger = await openLedgerAt(where);
  try {
    const untilTrue = { timeout: timeoutMs, interval: 250 };
    await vi.waitFor(async () => {
      expect(await allOf(ledger, "waiting")).toHaveLength(0);
    }, untilTrue);
    const booked = await allOf(ledger, "booked");
    const events = [...booked, ...(await allOf(ledger, "duplicate"))];
    const states = new Map(events.map(({ key, state }) => [key, state]));
    expect(states.size).toBe(events.length);

    const acknowledged = senders.flatMap((sender) => [...sender.acknowledged]);
    expect(acknowledged.length).toBeGreaterThan(0);
    const lost = acknowledged.filter((key) => !states.has(key));
    expect({ lost: lost.length, some: lost.slice(0, 3) }).toEqual({ lost: 0, some: [] });
    const outer = new Set(senders.flatMap((sender) => [...sender.outer]));
    const wrong = acknowledged.filter(
      (key) => states.get(key) !== (outer.has(key) ? "duplicate" : "booked"),
    );
    expect({ wrong: wrong.length, some: wrong.slice(0, 3) }).toEqual({ wrong: 0, some: [] });

    const sums = await ledger.summary({});
    expect(sums.events).toBe(booked.length);
    // By what the events cost, one by one: neither roll-ups nor charges may say anything else.
    const costNanoUsd = booked.reduce((sum, { cost }) => sum + (cost.totalNanoUsd ?? 0), 0);
    expect(sums.costNanoUsd).toBe(costNanoUsd);
    const calls = booked.reduce((sum, event) => sum + (event.calls ?? 1), 0);
    await vi.waitFor(async () => {
      const spent = await readSpent(url, "all");
      expect({ ...spent, usd: Math.round((spent["usd"] ?? 0) * 1e9) }).toEqual({
        usd: costNanoUsd,
        tokens: booked.reduce((sum, event) => sum + tokensOf(event), 0),
        requests: calls,
      });
    }, untilTrue);
    expect(await ledger.pendingCharges({ beforeMs: Date.now() + 1_000 })).toEqual([]);
    const byProject: Record<string, number> = {};
    for (const event of booked) {
      const { project = "" } = event.attribution;
      byProject[project] = (byProject[project] ?? 0) + tokensOf(event);
    }
    return { events: events.length, calls, byProject };
  } finally {
    await ledger.close();
  }
}

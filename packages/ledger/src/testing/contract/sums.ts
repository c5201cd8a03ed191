import { expect } from "vitest";
import { DAY, HOUR, ledgerEvent, money, NOON_MS } from "../ledger-fixture.ts";
import type { LedgerEvent } from "../../event.ts";
import type { ContractTest } from "./contract-test.ts";

const BIG = Number.MAX_SAFE_INTEGER;

export function describeSums(fact: ContractTest): void {
  fact("sums what was spent, by every dimension", async ({ ledger }) => {
    await ledger.record([
      ledgerEvent({ cost: money(5), toolCalls: ["a", "b"] }),
      ledgerEvent({
        cost: money(7),
        outcome: "error",
        attribution: { organization: "acme", session: "s" },
      }),
      ledgerEvent({
        cost: { totalNanoUsd: undefined, parts: {}, priceSource: "unpriced" },
        estimated: true,
      }),
      ledgerEvent({ cost: money(99), outcome: "refused" }),
      ledgerEvent({
        cost: money(1),
        usage: {
          inputTokens: 1,
          outputTokens: 2,
          cacheReadTokens: 3,
          cacheWriteTokens: 4,
          reasoningTokens: 5,
        },
        additionalUsage: [{ model: "m", usage: { inputTokens: 10, outputTokens: undefined } }],
        attribution: { task: "T-2", commit: "c", release: "1", workstream: "w", repository: "r" },
      }),
    ]);
    const summary = await ledger.summary({
      by: [
        "organization",
        "project",
        "task",
        "workstream",
        "repository",
        "agent",
        "session",
        "commit",
        "release",
        "provider",
        "model",
        "outcome",
      ],
    });
    expect(summary).toMatchObject({
      events: 5,
      inputTokens: 311,
      outputTokens: 32,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
      reasoningTokens: 5,
      costNanoUsd: 13,
      estimatedEvents: 1,
      unpricedEvents: 1,
      failedEvents: 1,
      toolCalls: 2,
      firstMs: NOON_MS,
      lastMs: NOON_MS,
    });
    const costs = Object.entries(summary.by).map(([dimension, groups]) => [
      dimension,
      groups.map(({ value, costNanoUsd }) => [value, costNanoUsd]),
    ]);
    expect(Object.fromEntries(costs)).toEqual({
      organization: [
        ["acme", 12],
        [undefined, 1],
      ],
      project: [
        [undefined, 8],
        ["web", 5],
      ],
      task: [
        [undefined, 7],
        ["T-1", 5],
        ["T-2", 1],
      ],
      workstream: [
        [undefined, 12],
        ["w", 1],
      ],
      repository: [
        [undefined, 12],
        ["r", 1],
      ],
      agent: [
        [undefined, 8],
        ["coder", 5],
      ],
      session: [
        ["s", 7],
        [undefined, 6],
      ],
      commit: [
        [undefined, 12],
        ["c", 1],
      ],
      release: [
        [undefined, 12],
        ["1", 1],
      ],
      provider: [["openai", 13]],
      model: [["gpt-5-2026-08-07", 13]],
      outcome: [
        ["error", 7],
        ["ok", 6],
        ["refused", 0],
      ],
    });
    const one = await ledger.summary({ task: "T-1", by: ["task", "model", "session"], top: 1 });
    expect(one).toMatchObject({ events: 3, by: { task: [{ value: "T-1", events: 3 }] } });
    expect(one.by.session).toMatchObject([{ value: undefined, events: 3 }]);
  });

  fact("gives the dearest groups only, as many as asked for", async ({ ledger }) => {
    await ledger.record(
      Array.from({ length: 60 }, (_, index) =>
        ledgerEvent({ cost: money(index), attribution: { task: `t${index}`, agent: `a${index}` } }),
      ),
    );
    const { by } = await ledger.summary({ by: ["task", "agent"], top: 2 });
    expect(by.task?.map(({ value }) => value)).toEqual(["t59", "t58"]);
    expect(by.agent?.map(({ value }) => value)).toEqual(["a59", "a58"]);
    expect((await ledger.summary({ by: ["task"] })).by.task).toHaveLength(50);
  });

  fact("cuts times to the millisecond", async ({ ledger }) => {
    const times = [-40 * DAY, -DAY - 1, -DAY, -HOUR, -1, 0, 1, HOUR, 2 * DAY + 5];
    await ledger.record(times.map((atMs) => ledgerEvent({ timeMs: NOON_MS + atMs })));
    const cuts = [-41 * DAY, -DAY, -DAY + 1, -HOUR, -1, 0, 1, 2, HOUR, 2 * DAY, 2 * DAY + 6];
    for (const from of cuts) {
      for (const until of cuts) {
        const expected = times.filter((atMs) => atMs >= from && atMs < until).length;
        const range = { fromMs: NOON_MS + from, untilMs: NOON_MS + until };
        const { events, by } = await ledger.summary({ ...range, by: ["task"] });
        expect([from, until, events]).toEqual([from, until, expected]);
        expect(by.task?.[0]?.events ?? 0).toBe(expected);
        const series = await ledger.series({ ...range, step: "day", timezone: "America/New_York" });
        const points = series.flatMap((each) => each.points.map((point) => point.events));
        expect([from, until, points.reduce((sum, each) => sum + each, 0)]).toEqual([
          from,
          until,
          expected,
        ]);
      }
    }
  });

  fact("does not lose a nano-USD beyond 2^53 and says where it stops", async ({ ledger }) => {
    await ledger.record([
      ledgerEvent({ cost: money(BIG), attribution: { agent: "a" } }),
      ledgerEvent({ cost: money(BIG - 1), attribution: { agent: "b" } }),
      ledgerEvent({ cost: money(2), attribution: { agent: "b" } }),
      ledgerEvent({ cost: money(3), attribution: { agent: "c" } }),
    ]);
    const summary = await ledger.summary({ by: ["agent"] });
    expect(summary).toMatchObject({ costNanoUsd: BIG, clamped: true });
    expect(summary.by.agent).toMatchObject([
      { value: "b", costNanoUsd: BIG, clamped: true },
      { value: "a", costNanoUsd: BIG },
      { value: "c", costNanoUsd: 3 },
    ]);
    expect(summary.by.agent?.[1]?.clamped).toBeUndefined();
    const flood = Array.from({ length: 1_100 }, () =>
      ledgerEvent({
        cost: money(BIG),
        usage: { inputTokens: 1e12, outputTokens: 0 },
        attribution: {},
      }),
    );
    await ledger.record(flood);
    expect(await ledger.summary({})).toMatchObject({ events: 1_104, clamped: true });
  });

  fact(
    "has as few rows per hour as allowed and exact sums all the same",
    async ({ ledger }) => {
      const batch = Array.from({ length: 40 }, (_, index) =>
        ledgerEvent({
          cost: money(1),
          attribution: {
            organization: index < 39 ? "acme" : "other",
            agent: `a${index}`,
            task: `t${index}`,
          },
        }),
      );
      await ledger.record(batch);
      const whole = await ledger.summary({ by: ["agent", "task", "organization"] });
      expect(whole).toMatchObject({ events: 40 });
      expect(whole.by.agent).toHaveLength(40);
      expect(whole.by.task).toHaveLength(40);
      expect(await ledger.summary({ agent: "a38" })).toMatchObject({ events: 1 });
      expect(await ledger.summary({ task: "t38" })).toMatchObject({ events: 1 });
      expect(await ledger.series({ step: "day", by: "agent" })).toHaveLength(40);
      await ledger.deleteEventsBefore(NOON_MS + DAY);
      const rest = await ledger.summary({ by: ["agent", "organization", "task"] });
      expect(rest).toMatchObject({ events: 40 });
      expect(rest.by.agent?.find(({ overflow }) => overflow)).toMatchObject({ value: undefined });
      expect([sumOf(rest.by.agent), sumOf(rest.by.task)]).toEqual([40, 40]);
      expect(await ledger.summary({ agent: "a38" })).toMatchObject({ events: 0, incomplete: true });
    },
    { cellsPerHour: 3, subjectsPerHour: 3 },
  );

  fact("draws days where a zone has them, also across changed clocks", async ({ ledger }) => {
    await ledger.record([
      at("2026-10-24T21:59:59Z"),
      at("2026-10-24T22:00:00Z"),
      at("2026-10-25T22:59:59Z"),
      at("2026-10-25T23:00:00Z"),
    ]);
    const [series] = await ledger.series({ step: "day", timezone: "Europe/Berlin" });
    expect(
      series?.points.map(({ timeMs, events }) => [new Date(timeMs).toISOString(), events]),
    ).toEqual([
      ["2026-10-23T22:00:00.000Z", 1],
      ["2026-10-24T22:00:00.000Z", 2],
      ["2026-10-25T23:00:00.000Z", 1],
    ]);
    const [utc] = await ledger.series({ step: "day" });
    expect(utc?.points.map(({ events }) => events)).toEqual([2, 2]);
    const code = "TOLLGATE_QUERY_INVALID";
    await expect(ledger.series({ step: "day", timezone: "Mars" })).rejects.toMatchObject({ code });
  });

  fact("tells events of one hour apart where a day begins within it", async ({ ledger }) => {
    await ledger.record([
      at("2026-09-15T18:29:59Z"),
      at("2026-09-15T18:30:00Z"),
      at("2026-09-15T20:00:00Z"),
    ]);
    const days = async (): Promise<unknown> => {
      const [series] = await ledger.series({
        step: "day",
        timezone: "Asia/Kolkata",
        by: "project",
      });
      return series?.points.map(({ timeMs, events }) => [new Date(timeMs).toISOString(), events]);
    };
    expect(await days()).toEqual([
      ["2026-09-14T18:30:00.000Z", 1],
      ["2026-09-15T18:30:00.000Z", 2],
    ]);
    await ledger.deleteEventsBefore(Date.parse("2026-09-16T00:00:00Z"));
    expect(await days()).toEqual([
      ["2026-09-14T18:30:00.000Z", 2],
      ["2026-09-15T18:30:00.000Z", 1],
    ]);
  });

  fact("draws hours and groups, the dearest first", async ({ ledger }) => {
    await ledger.record([
      ledgerEvent({ cost: money(1), attribution: { agent: "a", task: "t" } }),
      ledgerEvent({ cost: money(5), attribution: { agent: "b" }, timeMs: NOON_MS + HOUR }),
      ledgerEvent({ cost: money(7), attribution: { agent: "b" }, timeMs: NOON_MS + HOUR + 1 }),
    ]);
    const whole = await ledger.series({ step: "day", by: "task" });
    expect(whole.map(({ value, points }) => [value, points[0]?.costNanoUsd])).toEqual([
      [undefined, 12],
      ["t", 1],
    ]);
    const range = { fromMs: NOON_MS, untilMs: NOON_MS + HOUR + 1 };
    for (const by of ["agent", "task"] as const) {
      const series = await ledger.series({ step: "hour", by, ...range });
      expect(series.map(({ value }) => value)).toEqual(
        by === "agent" ? ["b", "a"] : [undefined, "t"],
      );
      expect(
        series.map(({ points }) => points.map(({ timeMs, costNanoUsd }) => [timeMs, costNanoUsd])),
      ).toEqual([[[NOON_MS + HOUR, 5]], [[NOON_MS, 1]]]);
    }
  });
}

function at(iso: string): LedgerEvent {
  return ledgerEvent({ timeMs: Date.parse(iso) });
}

function sumOf(groups: readonly { readonly events: number }[] = []): number {
  return groups.reduce((sum, { events }) => sum + events, 0);
}

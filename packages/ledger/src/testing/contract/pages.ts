import { expect } from "vitest";
import { all, ledgerEvent, NOON_MS } from "../ledger-fixture.ts";
import type { ContractTest } from "./contract-test.ts";

export function describePages(fact: ContractTest): void {
  fact("pages through events while new ones come in", async ({ ledger }) => {
    await ledger.record(Array.from({ length: 25 }, (_, index) => ledgerEvent({ id: `e${index}` })));
    const first = await ledger.events({}, { limit: 10 });
    await ledger.record([ledgerEvent({ id: "late" })]);
    const second = await ledger.events({}, { limit: 10, cursor: first.nextCursor });
    const third = await ledger.events({}, { limit: 10, cursor: second.nextCursor });
    const ids = [first, second, third].flatMap(({ events }) => events.map(({ id }) => id));
    expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => `e${24 - index}`));
    expect(third.nextCursor).toBeUndefined();
    const { events } = await ledger.events({}, { limit: 1, order: "asc" });
    expect(events[0]?.id).toBe("e0");
  });

  fact("refuses a cursor that is none, or of another question", async ({ ledger }) => {
    await ledger.record([ledgerEvent(), ledgerEvent()]);
    const { nextCursor } = await ledger.events({ task: "T-1" }, { limit: 1 });
    const code = "TOLLGATE_CURSOR_INVALID";
    await expect(ledger.events({}, { cursor: "nonsense" })).rejects.toMatchObject({ code });
    await expect(ledger.events({}, { cursor: nextCursor })).rejects.toMatchObject({ code });
    await expect(
      ledger.events({ task: "T-1" }, { cursor: nextCursor, order: "asc" }),
    ).rejects.toMatchObject({ code });
  });

  fact("filters by every key", async ({ ledger }) => {
    const said = {
      organization: "o",
      project: "p",
      task: "t",
      workstream: "w",
      repository: "r",
      agent: "a",
      session: "s",
      user: "u",
      commit: "c",
      release: "1",
    };
    const event = ledgerEvent({
      id: "wanted",
      attribution: said,
      refType: "commit",
      refId: "c",
      provider: "anthropic",
      responseModel: undefined,
      requestModel: "claude",
      source: "otel",
      timeMs: NOON_MS + 5,
    });
    await ledger.record([event, ledgerEvent()]);
    const filters = [
      ...Object.entries(said).map(([key, value]) => ({ [key]: value })),
      { refType: "commit" as const },
      { refId: "c" },
      { provider: "anthropic" },
      { model: "claude" },
      { source: "otel" },
      { fromMs: NOON_MS + 5 },
      { fromMs: NOON_MS + 4.5, untilMs: NOON_MS + 6 },
      { ...said, refId: "c" },
    ];
    for (const filter of filters) {
      const found = await all(ledger.scan(filter));
      expect([filter, found.map(({ id }) => id)]).toEqual([filter, ["wanted"]]);
      expect([filter, (await ledger.summary(filter)).events]).toEqual([filter, 1]);
      const series = await ledger.series({ ...filter, step: "hour" });
      expect([filter, series[0]?.points.map(({ events }) => events)]).toEqual([filter, [1]]);
    }
    expect(await all(ledger.scan({ untilMs: NOON_MS }))).toEqual([]);
    expect(await all(ledger.scan({ task: "t", project: "web" }))).toEqual([]);
  });

  fact("scans more than one portion, in the order of arrival", async ({ ledger }) => {
    await ledger.record(
      Array.from({ length: 2_300 }, (_, index) => ledgerEvent({ id: `n${index}` })),
    );
    const ids = (await all(ledger.scan({ project: "web" }))).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 2_300 }, (_, index) => `n${index}`));
  });

  fact(
    "keeps tasks and workstreams, and knows those that only events name",
    async ({ ledger, clock }) => {
      expect(await ledger.task("acme", "T-1")).toBeUndefined();
      await ledger.record([
        ledgerEvent({ attribution: { organization: "acme", task: "T-1", workstream: "W" } }),
      ]);
      expect(await ledger.task("acme", "T-1")).toEqual({
        id: "T-1",
        organization: "acme",
        title: undefined,
        slug: undefined,
        repository: undefined,
        workstream: undefined,
        status: "open",
        updatedMs: clock.now(),
      });
      expect(await ledger.task(undefined, "T-1")).toBeUndefined();
      expect(await ledger.workstream("acme", "W")).toMatchObject({ id: "W", title: undefined });
      expect(await ledger.workstream("other", "W")).toBeUndefined();
      await ledger.putTask("acme", "T-1", { title: "Parser", workstream: "W", status: "done" });
      const put = await ledger.putTask("acme", "T-1", { title: null, slug: "parser" });
      expect(put).toMatchObject({
        title: undefined,
        slug: "parser",
        workstream: "W",
        status: "done",
      });
      expect(await ledger.task("acme", "T-1")).toEqual(put);
      expect(await ledger.putWorkstream(undefined, "W", { repository: "r" })).toMatchObject({
        organization: undefined,
        repository: "r",
      });
      expect(await ledger.workstream("acme", "W")).toMatchObject({ repository: undefined });
    },
  );
}

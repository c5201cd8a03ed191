import { expect } from "vitest";
import { all, DAY, heldUntil, ledgerEvent, money, NOON_MS, spanEvent } from "../ledger-fixture.ts";
import type { LedgerEvent } from "../../event.ts";
import type { PendingCharge } from "../../ledger.ts";
import type { ContractTest } from "./contract-test.ts";

export function describeBooking(fact: ContractTest): void {
  fact("keeps an event once by organisation and key, whoever reports it", async ({ ledger }) => {
    const event = ledgerEvent({ key: "call:a" });
    expect(await ledger.record([event, event])).toMatchObject({ fresh: [true, false] });
    const later = { ...event, source: "otel", timeMs: event.timeMs + 90 * DAY };
    expect(await ledger.record([later])).toMatchObject({ fresh: [false] });
    const elsewhere = { ...event, attribution: { organization: "other" } };
    expect(await ledger.record([elsewhere])).toMatchObject({ fresh: [true] });
    expect(await ledger.summary({})).toMatchObject({ events: 2, costNanoUsd: 2_000 });
  });

  fact("takes calls that come at the same time, each once", async ({ ledger }) => {
    const event = ledgerEvent({ key: "call:same" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ledger.record([event, ledgerEvent({ key: `call:${index}` })]),
      ),
    );
    expect(answers.filter(({ fresh }) => fresh[0])).toHaveLength(1);
    expect(answers.every(({ fresh }) => fresh[1])).toBe(true);
    expect(await ledger.summary({})).toMatchObject({ events: 21 });
  });

  fact("gives back all that an event says", async ({ ledger, clock }) => {
    const event = ledgerEvent({
      key: "span:1:2",
      source: "claude-code",
      sender: "instance-1",
      ancestors: ["b", "a"],
      refType: "commit",
      refId: "0123abc",
      note: "wrote the parser — ✓",
      fetched: true,
      parentSpanId: "b",
      calls: 0,
      attribution: {
        organization: "acme",
        project: "web",
        task: "T-1",
        agent: "coder",
        iteration: 3,
        checkpoint: "c",
        session: "s",
        user: "u",
        workstream: "w",
        repository: "r",
        commit: "0123abc",
        release: "1.0",
        tags: { team: "blue", "": "empty" },
      },
      responseModel: undefined,
      streaming: true,
      usage: { inputTokens: 5, outputTokens: 0, cacheWrite1hTokens: 2, webSearchRequests: 1 },
      additionalUsage: [{ model: "gpt-5-mini", usage: { inputTokens: 1, outputTokens: 2 } }],
      estimated: true,
      cost: {
        totalNanoUsd: 12,
        parts: { input: 5, cache_write_1h: 7 },
        priceSource: "catalogue",
        partial: true,
        pricedModel: "gpt-5",
        match: "prefix",
        catalogueVersion: "genai-prices/0.1.8",
        catalogueDate: "2026-09-23",
      },
      outcome: "error",
      errorType: "overloaded",
      finishReasons: ["stop", "length"],
      toolCalls: ["read", "read"],
      timeToFirstChunkMs: 0.25,
      chunks: 7,
      traceId: "1",
      spanId: "2",
    });
    await ledger.record([event]);
    const { events } = await ledger.events({}, {});
    expect(events).toEqual([
      { ...event, state: "booked", sequence: expect.any(Number), receivedMs: clock.now() },
    ]);
  });

  fact("counts what waits only when it is booked, with what is said then", async ({ ledger }) => {
    const [first, second] = [spanEvent(1, 1), spanEvent(1, 2)];
    expect(await ledger.take(heldUntil([first, second], NOON_MS + 10))).toMatchObject({
      fresh: [true, true],
    });
    expect(await ledger.take(heldUntil([first], NOON_MS + 10))).toMatchObject({ fresh: [false] });
    expect(await ledger.summary({})).toMatchObject({ events: 0, costNanoUsd: 0 });
    const priced = { ...first, cost: money(77) };
    const resolved = await ledger.resolve({ booked: [priced], duplicates: [second] });
    expect(resolved).toMatchObject({ fresh: [true, true] });
    expect(await ledger.summary({ by: ["task"] })).toMatchObject({ events: 1, costNanoUsd: 77 });
    const again = await ledger.resolve({ booked: [second], duplicates: [first] });
    expect(again).toMatchObject({ fresh: [false, false] });
    expect(await ledger.summary({})).toMatchObject({ events: 1, costNanoUsd: 77 });
    const duplicates = await all(ledger.scan({ state: "duplicate" }));
    expect(duplicates.map(({ key }) => key)).toEqual([second.key]);
    expect(await all(ledger.scan({ state: "waiting" }))).toEqual([]);
  });

  fact("tells which events have waited too long, the oldest first", async ({ ledger }) => {
    await ledger.take(heldUntil([spanEvent(1, 1)], NOON_MS + 19.5));
    await ledger.take(heldUntil([spanEvent(1, 2)], NOON_MS + 10));
    await ledger.take(heldUntil([spanEvent(1, 3)], NOON_MS + 99));
    const overdue = await ledger.overdue(NOON_MS + 49.5, 10);
    expect(overdue.map(({ spanId }) => Number(spanId))).toEqual([2, 1]);
    expect(await ledger.overdue(NOON_MS + 50, 1)).toHaveLength(1);
  });

  fact("knows the spans of a trace, whatever their state and key", async ({ ledger }) => {
    const [waiting, booked, duplicate] = [spanEvent(7, 1), spanEvent(7, 2), spanEvent(7, 3)];
    const called = spanEvent(7, 4, { key: "call:x", ancestors: ["0000000000000002"] });
    await ledger.record([booked, called, spanEvent(8, 1)]);
    await ledger.take(heldUntil([waiting, duplicate], NOON_MS));
    await ledger.resolve({ booked: [], duplicates: [duplicate] });
    const spans = await ledger.spansOf([String(called.traceId), "f".repeat(32), "odd"]);
    const sorted = spans.toSorted((one, other) => (one.spanId < other.spanId ? -1 : 1));
    expect(sorted).toMatchObject([
      { spanId: waiting.spanId, state: "waiting", organization: "acme" },
      { spanId: booked.spanId, state: "booked", ancestors: [] },
      { spanId: duplicate.spanId, state: "duplicate" },
      { key: "call:x", state: "booked", ancestors: ["0000000000000002"] },
    ]);
  });

  fact("keeps charges for what is new until they are confirmed", async ({ ledger, clock }) => {
    const event = ledgerEvent({ key: "call:a" });
    await ledger.record([event], chargesFor);
    await ledger.record([event, ledgerEvent({ key: "call:b" })], chargesFor);
    await ledger.take(heldUntil([spanEvent(1, 1)], NOON_MS));
    await ledger.resolve({ booked: [spanEvent(1, 1)], duplicates: [] }, chargesFor);
    const mine = await ledger.pendingCharges({ owner: "me" });
    expect(mine.map(({ id }) => id).toSorted()).toEqual(["call:a", "call:b", spanEvent(1, 1).key]);
    expect(mine[0]?.payload).toEqual({ key: mine[0]?.id, odd: "\0" });
    await ledger.confirmCharges(["call:a", "nothing"]);
    expect(await ledger.pendingCharges({ beforeMs: clock.now() + 1 })).toHaveLength(2);
    expect(await ledger.pendingCharges({ beforeMs: clock.now() })).toEqual([]);
    expect(await ledger.pendingCharges({ owner: "other" })).toEqual([]);
  });

  fact("writes nothing when the charges cannot be made", async ({ ledger }) => {
    const failed = ledger.record([ledgerEvent()], () => {
      throw new Error("no charge");
    });
    await expect(failed).rejects.toThrow("no charge");
    expect(await ledger.summary({})).toMatchObject({ events: 0 });
  });

  fact("knows whether it heard of a sender lately", async ({ ledger, clock }) => {
    await ledger.record([
      ledgerEvent({ sender: "s", source: "otel" }),
      ledgerEvent({ sender: "other", source: "codex" }),
    ]);
    const lastMs = clock.now();
    const s = { sender: "s", source: "otel", lastMs };
    expect(await ledger.sendersHeard(["s", "nobody"])).toEqual([s]);
    expect(await ledger.sendersHeard(["s", "other"])).toHaveLength(2);
    expect(await ledger.sendersHeard([])).toEqual([]);
  });

  fact("cleans absurd values and says so", async ({ ledger, clock }) => {
    const long = "x".repeat(1_000_000);
    await ledger.record([
      ledgerEvent({
        key: "call:absurd",
        timeMs: Number.NaN,
        attribution: {
          organization: "",
          task: `T\0${long}`,
          iteration: -1,
          tags: { "a\0": "\uD800" },
        },
        usage: {
          inputTokens: 1e300,
          outputTokens: -1,
          reasoningTokens: 1.5,
          cacheReadTokens: Number.NaN,
        },
        cost: { totalNanoUsd: -5, parts: { input: -5 }, priceSource: "sender" },
        note: "nul \0 in a note",
        durationMs: Number.POSITIVE_INFINITY,
      }),
    ]);
    const [event] = (await ledger.events({}, {})).events;
    expect(event).toMatchObject({
      timeMs: clock.now(),
      usage: { reasoningTokens: 2 },
      note: "nul \uFFFD in a note",
      attribution: { tags: { "a\uFFFD": "\uFFFD" } },
      cost: { parts: {}, priceSource: "sender" },
    });
    expect(event?.attribution.organization).toBeUndefined();
    expect(event?.cost.totalNanoUsd).toBeUndefined();
    expect(event?.durationMs).toBeUndefined();
    expect(event?.usage?.inputTokens).toBeUndefined();
    expect(event?.attribution.task).toHaveLength(512);
    expect(event?.cleaned?.join("\n")).toMatch(/inputTokens: 1e\+300/);
    expect(event?.cleaned?.join("\n")).toMatch(/task: text of 1000002 characters/);
    expect(await ledger.summary({})).toMatchObject({
      events: 1,
      inputTokens: 0,
      unpricedEvents: 1,
    });
  });

  fact("deletes old events in portions and keeps their sums", async ({ ledger }) => {
    const old = Array.from({ length: 2_500 }, (_, index) =>
      ledgerEvent({ timeMs: NOON_MS - 40 * DAY + index }),
    );
    await ledger.record(old);
    await ledger.record([ledgerEvent({ key: "call:new" })]);
    await ledger.take(heldUntil([spanEvent(1, 1, { timeMs: NOON_MS - 40 * DAY })], NOON_MS));
    expect(await ledger.deleteEventsBefore(NOON_MS - DAY)).toBe(2_500);
    expect(await ledger.deleteEventsBefore(NOON_MS - DAY)).toBe(0);
    expect(await all(ledger.scan({}))).toHaveLength(1);
    expect(await ledger.summary({ by: ["task"] })).toMatchObject({
      events: 2_501,
      by: { task: [{ value: "T-1", events: 2_501 }] },
    });
    // Nobody knows any more whether it was there.
    const again = await ledger.record([old[0] ?? ledgerEvent()]);
    expect(again).toEqual({ fresh: [false], outdated: 1 });
    const late = spanEvent(1, 1, { timeMs: NOON_MS - 40 * DAY });
    expect(await ledger.resolve({ booked: [late], duplicates: [] })).toMatchObject({
      fresh: [true],
    });
    expect(await ledger.summary({})).toMatchObject({ events: 2_502 });
  });
}

function chargesFor(fresh: readonly LedgerEvent[]): readonly PendingCharge[] {
  return fresh.map(({ key }) => ({ id: key, owner: "me", payload: { key, odd: "\0" } }));
}

import { createFakeClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { createSeriesAmounts, type PointRecord, type SeriesAmounts } from "../../src/index.ts";
import { point } from "../dialects/records.ts";

const DAY_MS = 86_400_000;

function at(
  startMs: number,
  timeMs: number,
  value: number,
  more: Partial<PointRecord> = {},
): PointRecord {
  return point("tokens", { model: "gpt-5" }, { startMs, timeMs, value, ...more });
}

function amounts(series: SeriesAmounts, points: readonly PointRecord[]): readonly number[] {
  return points.map((each) => series.take(each)?.amount ?? 0);
}

const open = (options: Partial<Parameters<typeof createSeriesAmounts>[0]> = {}): SeriesAmounts =>
  createSeriesAmounts({ clock: createFakeClock(), ...options });

test("a cumulative sum with a start counts from 0, then what it grew by", () => {
  expect(amounts(open(), [at(100, 200, 10), at(100, 300, 10), at(100, 400, 25)])).toEqual([
    10, 0, 15,
  ]);
});

test("without a start the first point only says where the sum stands", () => {
  expect(amounts(open(), [at(0, 200, 1_000), at(0, 300, 1_010)])).toEqual([0, 10]);
});

test("a first point without a length is the start that an unknown one got", () => {
  expect(amounts(open(), [at(200, 200, 1_000), at(200, 300, 1_010)])).toEqual([0, 10]);
});

test("a gap loses nothing, and a batch that is sent again adds nothing", () => {
  const points = [at(100, 200, 10), at(100, 900, 90)];
  expect(amounts(open(), [...points, ...points])).toEqual([10, 80, 0, 0]);
});

test("a point that comes late adds nothing", () => {
  expect(amounts(open(), [at(100, 400, 25), at(100, 200, 10), at(100, 500, 30)])).toEqual([
    25, 0, 5,
  ]);
});

test("a restart with a new start counts from 0, and late points of the run before still count once", () => {
  const restarted = [at(100, 200, 10), at(300, 400, 7), at(100, 250, 12), at(300, 500, 9)];
  expect(amounts(open(), restarted)).toEqual([10, 7, 2, 2]);
});

test("a sum that falls was begun again", () => {
  expect(amounts(open(), [at(100, 200, 50), at(100, 300, 8), at(100, 400, 10)])).toEqual([
    50, 8, 2,
  ]);
});

test("delta points count each by itself, in any order, once", () => {
  const delta = { temporality: "delta" } as const;
  const points = [at(200, 300, 5, delta), at(100, 200, 3, delta), at(300, 400, 2, delta)];
  expect(amounts(open(), [...points, ...points])).toEqual([5, 3, 2, 0, 0, 0]);
});

test("a histogram counts by its sum", () => {
  const histogram = { kind: "histogram", monotonic: false, count: 2 } as const;
  expect(amounts(open(), [at(100, 200, 10, histogram), at(100, 300, 30, histogram)])).toEqual([
    10, 20,
  ]);
});

test.each([
  { says: "a gauge", more: { kind: "gauge" } },
  { says: "a sum that may fall", more: { monotonic: false } },
  { says: "a sum of no temporality", more: { temporality: "unspecified" } },
  { says: "a histogram without a sum", more: { kind: "histogram", value: undefined } },
  { says: "a negative sum", more: { value: -1 } },
  { says: "what is no number", more: { value: Number.NaN } },
] as const)("$says adds nothing", ({ more }) => {
  expect(open().take(at(100, 200, 10, more))).toBeUndefined();
});

test("attributes in another order are the same series; another value, scope or resource is another", () => {
  const series = open();
  const told = (more: Partial<PointRecord>) => series.take(at(100, 200, 10, more))?.amount ?? 0;
  expect(told({ attributes: { a: 1, b: ["x", { c: true }] } })).toBe(10);
  expect(told({ attributes: { b: ["x", { c: true }], a: 1 } })).toBe(0);
  expect(told({ attributes: { a: 1, b: ["x", { c: false }] } })).toBe(10);
  const origin = { resource: { host: "a" }, scopeName: "s", scopeVersion: "1", scope: {} };
  expect(told({ origin })).toBe(10);
  expect(told({ origin: { ...origin, resource: { host: "b" } } })).toBe(10);
  expect(told({ origin: { ...origin, scopeVersion: "2" } })).toBe(10);
});

test("the same point has the same key in every process", () => {
  const [one, other] = [open(), open()].map((series) => series.take(at(100, 200, 10))?.key);
  expect(one).toBe(other);
  expect(open().take(at(100, 300, 10))?.key).not.toBe(one);
});

test("a restarted collector goes on from its snapshot, through JSON", () => {
  const before = open();
  amounts(before, [at(100, 200, 10), at(100, 200, 4, { temporality: "delta" })]);
  const restore = JSON.parse(JSON.stringify(before.snapshot()));
  const after = open({ restore });
  expect(
    amounts(after, [
      at(100, 200, 10),
      at(100, 300, 15),
      at(100, 200, 4, { temporality: "delta" }),
      at(200, 300, 6, { temporality: "delta" }),
    ]),
  ).toEqual([0, 5, 0, 6]);
});

test("changes are what a store has to write", () => {
  const series = open();
  series.take(at(100, 200, 10));
  const [first, ...none] = series.takeChanges().changed;
  expect(none).toEqual([]);
  expect(first).toEqual(series.snapshot().series[0]);
  expect(series.takeChanges().changed).toEqual([]);
  series.take(at(100, 300, 11));
  expect(series.takeChanges().changed.map(({ id }) => id)).toEqual([first?.id]);
});

test("past the cap nothing is counted but that it was not", () => {
  const series = open({ maxSeries: 1 });
  expect(series.take(at(100, 200, 10))?.amount).toBe(10);
  expect(series.take(at(100, 200, 10, { metric: "other" }))).toBeUndefined();
  expect(series.take(at(100, 300, 12))?.amount).toBe(2);
  expect({ size: series.size, overflowed: series.overflowed }).toEqual({ size: 1, overflowed: 1 });
});

test("an idle series is forgotten, makes room, and never counts twice should it come back", async () => {
  const clock = createFakeClock();
  const series = open({ clock, maxSeries: 1, idleMs: DAY_MS });
  expect(series.take(at(100, 200, 10))?.amount).toBe(10);
  await clock.advance(DAY_MS);
  expect(series.take(at(500, 600, 3, { metric: "other" }))?.amount).toBe(3);
  expect(series.takeChanges().forgotten).toHaveLength(1);
  await clock.advance(DAY_MS);
  expect(amounts(series, [at(100, 200, 10), at(100, 700, 18), at(100, 800, 20)])).toEqual([
    0, 8, 2,
  ]);
});

test("a forgotten sender whose clock was ahead makes no other series look old", async () => {
  const clock = createFakeClock();
  const series = open({ clock, idleMs: DAY_MS });
  const aheadMs = clock.now() + 1_000 * DAY_MS;
  series.take(at(aheadMs, aheadMs + 100, 10));
  await clock.advance(DAY_MS);
  const startMs = clock.now();
  expect(series.take(at(startMs, startMs + 100, 5, { metric: "other" }))?.amount).toBe(5);
});

test("a series that began after all that was forgotten counts from its start", async () => {
  const clock = createFakeClock();
  const series = open({ clock, idleMs: DAY_MS });
  series.take(at(100, 200, 10));
  await clock.advance(DAY_MS);
  expect(series.take(at(300, 400, 5, { metric: "other" }))?.amount).toBe(5);
});

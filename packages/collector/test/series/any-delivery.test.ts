import { createFakeClock } from "@tollgate/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSeriesAmounts, type PointRecord, type SeriesSnapshot } from "../../src/index.ts";
import { point } from "../dialects/records.ts";

/** What one series did: runs of a process, each a list of what it added between two exports. */
const anyRuns = fc.array(fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 4,
});
const anySeries = fc.array(
  fc.record({
    runs: anyRuns,
    temporality: fc.constantFrom("delta" as const, "cumulative" as const),
  }),
  { minLength: 1, maxLength: 4 },
);

type Series = Readonly<{
  runs: readonly (readonly number[])[];
  temporality: "delta" | "cumulative";
}>;

function exported({ runs, temporality }: Series, name: number): readonly PointRecord[] {
  let timeMs = 1_000;
  return runs.flatMap((added) => {
    timeMs += 1_000;
    const startMs = timeMs;
    let sum = 0;
    let lastMs = startMs;
    return added.map((value) => {
      sum += value;
      const from = temporality === "delta" ? lastMs : startMs;
      timeMs += 10;
      lastMs = timeMs;
      return point(
        "tokens",
        { series: name },
        {
          temporality,
          startMs: from,
          timeMs,
          value: temporality === "delta" ? value : sum,
        },
      );
    });
  });
}

const totalOf = (all: readonly Series[]): number =>
  all.flatMap(({ runs }) => runs.flat()).reduce((sum, value) => sum + value, 0);

function takeAll(points: readonly PointRecord[], restartAfter: number): number {
  const clock = createFakeClock();
  let series = createSeriesAmounts({ clock });
  let total = 0;
  for (const [index, each] of points.entries()) {
    total += series.take(each)?.amount ?? 0;
    if (index === restartAfter) {
      const restore: SeriesSnapshot = JSON.parse(JSON.stringify(series.snapshot()));
      series = createSeriesAmounts({ clock, restore });
    }
  }
  return total;
}

test("any order, any repetition, any interleaving and a restart give the same total", () => {
  fc.assert(
    fc.property(
      anySeries.chain((all) => {
        const points = all.flatMap(exported);
        return fc.record({
          all: fc.constant(all),
          delivered: fc
            .tuple(
              fc.shuffledSubarray(points, { minLength: points.length }),
              fc.array(fc.constantFrom(...points), { maxLength: 20 }),
            )
            .chain(([once, again]) => {
              const sent = [...once, ...again];
              return fc.shuffledSubarray(sent, { minLength: sent.length });
            }),
          restartAfter: fc.nat({ max: points.length }),
        });
      }),
      ({ all, delivered, restartAfter }) => {
        expect(takeAll(delivered, restartAfter)).toBe(totalOf(all));
      },
    ),
    { numRuns: 300 },
  );
});

test("of a cumulative series any exports may be lost but the last of each run", () => {
  fc.assert(
    fc.property(anyRuns, fc.infiniteStream(fc.boolean()), (runs, keeps) => {
      const series = { runs, temporality: "cumulative" } as const;
      const points = exported(series, 0);
      const isLast = (each: PointRecord): boolean =>
        points.findLast(({ startMs }) => startMs === each.startMs) === each;
      const kept = points.filter((each) => isLast(each) || keeps.next().value === true);
      expect(takeAll(kept, -1)).toBe(totalOf([series]));
    }),
    { numRuns: 300 },
  );
});

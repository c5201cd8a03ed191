import { measure, type Lane } from "../measure.ts";
import { BOOKING_PARTS } from "../parts/booking-parts.ts";
import { BUDGET_PARTS } from "../parts/budget-parts.ts";
import type { Part } from "../parts/part.ts";
import { WIRE_PARTS } from "../parts/wire-parts.ts";
import type { Column, Row, Table } from "../table.ts";

const PARTS: readonly Part[] = [...WIRE_PARTS, ...BUDGET_PARTS, ...BOOKING_PARTS];

/** So many in one run that awaiting it does not count. */
const OPERATIONS = 500;

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 0 },
  { key: "median", title: "median", digits: 0 },
  { key: "floor", title: "floor", digits: 0 },
  { key: "ratio", title: "ratio", digits: 2, unit: "×" },
];

/** The steps of a call one by one, in nanoseconds, each beside its floor. */
export const parts: Table = {
  name: "parts",
  async run({ rounds }) {
    const lanes = PARTS.flatMap(({ name, run, floor, runFloor }): Lane[] => [
      { name, group: name, run: repeated(run) },
      { name: floor, group: name, run: repeated(runFloor) },
    ]);
    const measured = await measure(lanes, { rounds, runsPerRound: 4 });
    const rows = PARTS.map(({ name, floor }): Row => {
      const [part, least] = measured.filter(({ group }) => group === name);
      const p10 = nanos(part?.wallP10);
      const floorP10 = nanos(least?.wallP10);
      return {
        name: `${name} (floor: ${floor})`,
        values: { p10, median: nanos(part?.wallMedian), floor: floorP10, ratio: p10 / floorP10 },
      };
    });
    return { title: "parts of a call (ns)", columns: COLUMNS, rows };
  },
};

function nanos(microsPerRun = Number.NaN): number {
  return (microsPerRun * 1_000) / OPERATIONS;
}

function repeated(run: () => unknown): () => unknown {
  return () => {
    let last: unknown;
    for (let count = 0; count < OPERATIONS; count++) last = run();
    return last;
  };
}

import { NOISE } from "./lanes/instrumented.ts";
import { measure, type Lane, type Measured } from "./measure.ts";
import { judge, type Column, type Row, type Table, type Target } from "./table.ts";

export interface Comparison<Compared extends Lane = Lane> {
  readonly name: string;
  /** Such as "chat". */
  readonly title: string;
  /** Such as "call". */
  readonly per: string;
  readonly runsPerRound: number;
  readonly lanes: () => readonly Compared[];
  /** Looks at the lanes once before they are measured; what it returns stands below the table. */
  readonly inspect?: (lanes: readonly Compared[]) => Promise<readonly string[]>;
  readonly targets?: readonly Target[];
}

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 1 },
  { key: "ratio", title: "ratio", digits: 3, unit: "×" },
  { key: "added", title: "added", digits: 1 },
  { key: "median", title: "median", digits: 1 },
  { key: "medianRatio", title: "ratio", digits: 3, unit: "×" },
  { key: "cpu", title: "CPU p10", digits: 1 },
  { key: "cpuRatio", title: "ratio", digits: 3, unit: "×" },
];

/** A table that holds lanes against the first one of their group. */
export function compareLanes<Compared extends Lane>(comparison: Comparison<Compared>): Table {
  const { name, title, per, runsPerRound, inspect, targets = [] } = comparison;
  return {
    name,
    async run({ rounds }) {
      const lanes = comparison.lanes();
      const notes = (await inspect?.(lanes)) ?? [];
      const measured = await measure(lanes, { rounds, runsPerRound });
      const rows = measured.map((lane) => rowOf(lane, measured));
      return {
        title: `${title} (µs per ${per})`,
        columns: COLUMNS,
        rows,
        notes: [...noiseIn(rows), ...notes],
        targets: judge(rows, targets),
      };
    },
  };
}

const MOST_NOISE = 0.05;

/** Says where a lane and its twin came out so far apart that the machine was measured, not the lanes. */
function noiseIn(rows: readonly Row[]): readonly string[] {
  return rows
    .filter(
      ({ name, values }) => name === NOISE && Math.abs((values["ratio"] ?? 1) - 1) > MOST_NOISE,
    )
    .map(
      ({ group, values }) =>
        `noise: the same work came out at ${values["ratio"]?.toFixed(3)}× (${group}), CPU at ${values["cpuRatio"]?.toFixed(3)}×; measure again on a quieter machine`,
    );
}

function rowOf(lane: Measured, all: readonly Measured[]): Row {
  const { name, group, wallP10, wallMedian, cpuP10 } = lane;
  const base = all.find((other) => other.group === group) ?? lane;
  return {
    name,
    group,
    values: {
      p10: wallP10,
      ratio: wallP10 / base.wallP10,
      added: wallP10 - base.wallP10,
      median: wallMedian,
      medianRatio: wallMedian / base.wallMedian,
      cpu: cpuP10,
      cpuRatio: cpuP10 / base.cpuP10,
    },
  };
}

import { loadCollector } from "../collector/loaded-collector.ts";
import { SPANS } from "../collector/gen-ai-export.ts";
import { sharesIn, STEPS } from "../collector/shares.ts";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "CPU p10", digits: 1 },
  { key: "median", title: "CPU median", digits: 1 },
  { key: "spans", title: "spans/s per core", digits: 0 },
  { key: "share", title: "share", digits: 0, unit: "%" },
];

const PLAIN = "end to end";

/** 30,000 spans per second and core. */
const TARGETS: readonly Target[] = [
  { what: "a span end to end, CPU", row: PLAIN, column: "p10", atMost: 33.3, unit: "µs" },
];

const EXPORTS = 10;
const WARM_UP = 40;

/**
 * Processor time of a whole collector, all its threads, per GenAI span: protobuf over HTTP, held in SQLite on the disk, found to be the
 * innermost, booked, rolled up, charged to one budget and counted in metrics.
 */
export const booking: Table = {
  name: "booking",
  async run({ rounds }) {
    const plain = await loadCollector(false);
    const lanes = [
      { name: PLAIN, collector: plain, micros: [] as number[] },
      {
        name: `${PLAIN}, prompts on the spans`,
        collector: await loadCollector(true),
        micros: [] as number[],
      },
    ];
    for (const { collector } of lanes) await collector.run(WARM_UP);
    for (let round = 0; round < Math.max(3, rounds / 4); round++) {
      for (const { collector, micros } of lanes) micros.push(await collector.run(EXPORTS));
    }
    const shares = sharesIn(await plain.profile(WARM_UP));
    for (const { collector } of lanes) await collector.close();
    const rows: Row[] = lanes.map(({ name, micros }) => {
      const sorted = micros.toSorted((one, other) => one - other);
      const at = (share: number): number =>
        sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
      return { name, values: { p10: at(0.1), median: at(0.5), spans: 1e6 / at(0.1) } };
    });
    const steps = STEPS.map((step): Row => ({
      name: step,
      group: "steps",
      values: { share: 100 * (shares.get(step) ?? 0) },
    }));
    return {
      title: "a GenAI span through a whole collector (µs)",
      columns: COLUMNS,
      rows: [...rows, ...steps],
      notes: [`${EXPORTS * SPANS} spans in each round; shares of the main thread, from a profile`],
      targets: judge(rows, TARGETS),
    };
  },
};

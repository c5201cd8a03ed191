import {
  BARE_SPAN,
  none,
  SPANS_OFF,
  TOLLGATE,
  tollgate,
  UNINSTRUMENTED,
  type Instrumented,
} from "../lanes/instrumented.ts";
import { createLaneTelemetry } from "../lanes/telemetry.ts";
import { bytesPerCallInFlight, STAGES } from "../memory/calls-in-flight.ts";
import { ABANDON_AFTER_MS, bytesRetained, ENDINGS } from "../memory/finished-calls.ts";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

type Fetch = typeof fetch;

const CALLS_IN_FLIGHT = 10_000;

const COLUMNS: readonly Column[] = [
  { key: "calls", title: "calls", digits: 0 },
  { key: "kilobytes", title: "kB alive", digits: 0 },
  { key: "bytes", title: "B a call", digits: 1 },
  { key: "added", title: "added", digits: 1 },
];

const IN_FLIGHT_LANES: readonly Instrumented[] = [
  none(UNINSTRUMENTED),
  BARE_SPAN,
  tollgate(TOLLGATE),
  tollgate(SPANS_OFF, { spans: false }),
];

const FINISHED_LANES: readonly Instrumented[] = [
  none(UNINSTRUMENTED),
  tollgate(TOLLGATE, { abandonAfterMs: ABANDON_AFTER_MS }),
];

interface Situation {
  readonly group: string;
  readonly calls: number;
  readonly lanes: readonly Instrumented[];
  /** Bytes per call. */
  measure(wrap: (fetch: Fetch) => Fetch): Promise<number>;
}

const inFlight = (stage: (typeof STAGES)[number]): Situation => ({
  group: `in flight, ${stage}`,
  calls: CALLS_IN_FLIGHT,
  lanes: IN_FLIGHT_LANES,
  measure: (wrap) => bytesPerCallInFlight(wrap, stage, CALLS_IN_FLIGHT),
});

const finished = (ending: (typeof ENDINGS)[number]): Situation => ({
  group: `finished ${ending.name}`,
  calls: ending.calls,
  lanes: FINISHED_LANES,
  measure: async (wrap) => (await bytesRetained(wrap(ending.answer), ending)) / ending.calls,
});

const SITUATIONS: readonly Situation[] = [...ENDINGS.map(finished), ...STAGES.map(inFlight)];

/** A call that leaves anything behind leaves an object; less is the heap's own coming and going. */
const LESS_THAN_AN_OBJECT = 20;

const TARGETS: readonly Target[] = SITUATIONS.map(({ group, lanes }): Target => {
  const atMost = lanes === IN_FLIGHT_LANES ? 2_000 : LESS_THAN_AN_OBJECT;
  return { what: group, group, row: TOLLGATE, column: "added", atMost, unit: "B" };
});

/** What calls keep alive while they last, and after. One run each: memory has no machine noise to speak of. */
export const memory: Table = {
  name: "memory",
  onDemand: true,
  async run() {
    const rows: Row[] = [];
    for (const situation of SITUATIONS) rows.push(...(await rowsOf(situation)));
    return { title: "memory", columns: COLUMNS, rows, targets: judge(rows, TARGETS) };
  },
};

async function rowsOf({ group, calls, lanes, measure }: Situation): Promise<Row[]> {
  const rows: Row[] = [];
  let base: number | undefined;
  for (const { name, fetch: wrap } of lanes) {
    const telemetry = createLaneTelemetry();
    const bytes = await measure((fetch) => wrap?.(fetch, telemetry) ?? fetch);
    base ??= bytes;
    const values = { calls, kilobytes: (bytes * calls) / 1_000, bytes, added: bytes - base };
    rows.push({ name, group, values });
  }
  return rows;
}

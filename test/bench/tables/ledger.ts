import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import { BARE_COLUMNS, bareRow, createEventSource } from "../ledger-events.ts";
import { measure, type Lane, type Measured } from "../measure.ts";
import { judge, type Column, type Row, type Table } from "../table.ts";

const BATCH = 2_000;
const AT_ONCE = 64;
const MICROS_PER_S = 1_000_000;

const COLUMNS: readonly Column[] = [
  { key: "perSecond", title: "events/s", digits: 0 },
  { key: "median", title: "µs an event", digits: 1 },
  { key: "cpu", title: "µs of CPU", digits: 1 },
  { key: "ofFloor", title: "of floor", digits: 2, unit: "×" },
];

/** Events into a SQLite ledger, roll-ups included, beside bare inserts of the same with a unique key. */
export const ledger: Table = {
  name: "ledger",
  async run({ rounds }) {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
    const source = createEventSource();
    const bare = openBare(join(folder, "bare.db"));
    const ours = openSqliteLedger({ path: join(folder, "ledger.db") });
    const lanes: readonly Lane[] = [
      { name: FLOOR, group: "ledger", run: () => bare.insert(source(BATCH).map(bareRow)) },
      { name: RECORD, group: "ledger", run: () => ours.record(source(BATCH)) },
      {
        name: "hold, then resolve",
        group: "ledger",
        async run() {
          const events = source(BATCH);
          await ours.take({ held: events.map((event) => ({ event, dueAtMs: 0 })) });
          await ours.resolve({ booked: events, duplicates: [] });
        },
      },
      {
        name: `record one, ${AT_ONCE} at once`,
        group: "ledger",
        run: () => Promise.all(source(AT_ONCE).map((event) => ours.record([event]))),
      },
    ];
    const measured = await measure(lanes, { rounds, runsPerRound: 1 });
    await ours.close();
    bare.close();
    rmSync(folder, { recursive: true });
    const rows = toRows(measured);
    return {
      title: "SQLite ledger",
      columns: COLUMNS,
      rows,
      notes: [
        `${BATCH.toLocaleString("en")} events a transaction; what makes the events is in every row`,
      ],
      targets: judge(rows, [
        {
          what: "record: 60,000 events/s",
          row: RECORD,
          column: "median",
          atMost: 16.7,
          unit: "µs",
        },
      ]),
    };
  },
};

const FLOOR = "bare inserts, unique key (floor)";
const RECORD = "record";

function toRows(measured: readonly Measured[]): Row[] {
  const perEvent = measured.map(({ name, wallMedian, cpuP10 }) => {
    const events = name.startsWith("record one") ? AT_ONCE : BATCH;
    return { name, median: wallMedian / events, cpu: cpuP10 / events };
  });
  const floor = perEvent[0]?.median ?? Number.NaN;
  return perEvent.map(({ name, median, cpu }) => ({
    name,
    values: { perSecond: MICROS_PER_S / median, median, cpu, ofFloor: median / floor },
  }));
}

function openBare(path: string) {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(`CREATE TABLE event (${BARE_COLUMNS.join(", ")})`);
  const insert = db.prepare(`INSERT INTO event VALUES (${BARE_COLUMNS.map(() => "?").join(", ")})`);
  return {
    insert(rows: readonly (readonly (string | number)[])[]) {
      db.exec("BEGIN IMMEDIATE");
      for (const row of rows) insert.run(...row);
      db.exec("COMMIT");
    },
    close: () => db.close(),
  };
}

import { openPostgresLedger } from "@tollgate/ledger/postgres";
import { startPostgres } from "@tollgate/testkit";
import pg from "pg";
import { BARE_COLUMNS, bareRow, createEventSource } from "../ledger-events.ts";
import { measure, type Lane } from "../measure.ts";
import type { Column, Table } from "../table.ts";

const BATCH = 2_000;
const MICROS_PER_S = 1_000_000;

const COLUMNS: readonly Column[] = [
  { key: "perSecond", title: "events/s", digits: 0 },
  { key: "median", title: "µs an event", digits: 1 },
  { key: "cpu", title: "µs of CPU here", digits: 1 },
  { key: "ofFloor", title: "of floor", digits: 2, unit: "×" },
];

/** Events into a ledger in Postgres, beside bare inserts of the same; server and client share the machine. */
export const ledgerPostgres: Table = {
  name: "ledger-postgres",
  onDemand: true,
  async run({ rounds }) {
    const server = await startPostgres();
    const source = createEventSource();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`CREATE TABLE bare (${BARE_COLUMNS.join(", ")})`);
    const text = `INSERT INTO bare VALUES ${Array.from({ length: BATCH }, (_, row) => rowOf(row)).join(", ")}`;
    const ours = await openPostgresLedger({ url: server.url });
    const lanes: readonly Lane[] = [
      {
        name: "bare inserts of many rows, unique key (floor)",
        group: "ledger",
        run: () => client.query(text, source(BATCH).flatMap(bareRow)),
      },
      { name: "record", group: "ledger", run: () => ours.record(source(BATCH)) },
    ];
    const measured = await measure(lanes, { rounds, runsPerRound: 1 });
    await ours.close();
    await client.end();
    await server.stop();
    const floor = measured[0]?.wallMedian ?? Number.NaN;
    return {
      title: "Postgres ledger",
      columns: COLUMNS,
      rows: measured.map(({ name, wallMedian, cpuP10 }) => ({
        name,
        values: {
          perSecond: (MICROS_PER_S * BATCH) / wallMedian,
          median: wallMedian / BATCH,
          cpu: cpuP10 / BATCH,
          ofFloor: wallMedian / floor,
        },
      })),
      notes: [`${BATCH.toLocaleString("en")} events a transaction`],
    };
  },
};

function rowOf(row: number): string {
  const first = row * BARE_COLUMNS.length + 1;
  return `(${BARE_COLUMNS.map((_, column) => `$${first + column}`).join(", ")})`;
}

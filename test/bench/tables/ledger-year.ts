import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import { fillYear } from "../ledger-year-rows.ts";
import { measure, type Lane } from "../measure.ts";
import { judge, type Column, type Table } from "../table.ts";

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10 ms", digits: 1 },
  { key: "median", title: "median ms", digits: 1 },
];

const FROM_MS = Date.UTC(2026, 0);
const YEAR = { fromMs: FROM_MS, untilMs: Date.UTC(2027, 0) };

/** Questions to a SQLite ledger that knows of ten million events of a year. */
export const ledgerYear: Table = {
  name: "ledger-year",
  onDemand: true,
  async run({ rounds }) {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
    const path = join(folder, "ledger.db");
    await openSqliteLedger({ path }).close();
    const filled = fillYear(path, FROM_MS);
    const ledger = openSqliteLedger({ path });
    const lanes: readonly Lane[] = [
      ask("summary", () => ledger.summary(YEAR)),
      ask(GROUPED, () => ledger.summary({ ...YEAR, by: ["project", "agent", "model"] })),
      ask("summary of a project, by model", () =>
        ledger.summary({ ...YEAR, project: "p3", by: ["model"] }),
      ),
      ask("summary of a task, by agent", () => ledger.summary({ task: "0-5", by: ["agent"] })),
      ask("summary by task, the dearest 50", () => ledger.summary({ ...YEAR, by: ["task"] })),
      ask("days", () => ledger.series({ ...YEAR, step: "day" })),
      ask("days of Berlin", () =>
        ledger.series({ ...YEAR, step: "day", timezone: "Europe/Berlin" }),
      ),
      ask("hours of a week", () =>
        ledger.series({ fromMs: FROM_MS, untilMs: FROM_MS + 7 * 86_400_000, step: "hour" }),
      ),
    ];
    const measured = await measure(lanes, { rounds: Math.ceil(rounds / 4), runsPerRound: 1 });
    await ledger.close();
    rmSync(folder, { recursive: true });
    const rows = measured.map(({ name, wallP10, wallMedian }) => ({
      name,
      values: { p10: wallP10 / 1_000, median: wallMedian / 1_000 },
    }));
    return {
      title: "A year in a SQLite ledger",
      columns: COLUMNS,
      rows,
      notes: [`${filled}; rows of sums only, as after the events were deleted`],
      targets: judge(rows, [
        { what: "summary of a year", row: GROUPED, column: "median", atMost: 100, unit: "ms" },
      ]),
    };
  },
};

const GROUPED = "summary by project, agent, model";

function ask(name: string, run: () => unknown): Lane {
  return { name, group: "year", run };
}

import { CLIENTS } from "./clients.ts";
import { runCell } from "./run-cell.ts";
import { judgeCell } from "./judge-cell.ts";
const [name, format] = process.argv.slice(2);
const client = CLIENTS.find((c) => c.name === name)!;
const cell = { client, format: (format ?? client.formats[0])! as "esm" };
const t = performance.now();
const runs = await runCell(cell);
const v = judgeCell(cell, runs);
console.log(
  v.scenarios,
  "scenarios",
  v.problems.length,
  "problems",
  (performance.now() - t) | 0,
  "ms",
  v.unread,
);
for (const p of v.problems.slice(0, Number(process.argv[4] ?? 25)))
  console.log(" -", p.scenario, "|", p.what);
if (process.argv[5])
  console.log(
    JSON.stringify(runs.plain.results.get(process.argv[5]), null, 1)?.slice(0, 3000),
    JSON.stringify(runs.metered.results.get(process.argv[5]), null, 1)?.slice(0, 3000),
    JSON.stringify(
      runs.metered.events.filter((e) => e.attribution.task === process.argv[5]),
      null,
      1,
    ),
  );
if (process.argv[6])
  for (const [k, r] of runs.plain.results)
    console.log(k, JSON.stringify(r).slice(0, Number(process.argv[6])));

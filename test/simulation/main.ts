/**
 * A week of three processes, as a Prometheus would have scraped it: to look at dashboards and rules with.
 *
 * Usage: pnpm simulate FILE [--days 7] [--step-seconds 240] [--end TIME]
 *
 * Writes OpenMetrics text for `promtool tsdb create-blocks-from openmetrics FILE DATA`. The same arguments give
 * the same text. Exits 2 when the arguments cannot be used.
 */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { simulateWeek } from "./simulate-week.ts";

const USAGE =
  "usage: pnpm simulate FILE [--days 7] [--step-seconds 240] [--end 2026-11-29T12:00:00Z]";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      days: { type: "string", default: "7" },
      "step-seconds": { type: "string", default: "240" },
      end: { type: "string" },
    },
  });
  const [path] = positionals;
  const days = Number(values.days);
  const stepMs = Number(values["step-seconds"]) * 1_000;
  const endMs = values.end === undefined ? Date.now() : Date.parse(values.end);
  if (path === undefined || !(days > 0) || !(stepMs > 0) || Number.isNaN(endMs)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const file = createWriteStream(path);
  for await (const lines of simulateWeek({ endMs, days, stepMs })) {
    if (!file.write(`${lines.join("\n")}\n`)) await once(file, "drain");
  }
  file.end("# EOF\n");
  await once(file, "finish");
  return 0;
}

process.exitCode = await main();

/**
 * What loading Tollgate adds to the start of a process: whole processes, started by turns, so that what slows
 * the machine for a moment slows every lane alike.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface ImportLane {
  readonly name: string;
  /** Modules that are imported before an empty app. */
  readonly imports: readonly string[];
  readonly app?: string;
  readonly yaml?: string;
}

const REGISTER = "@tollgate/node/register";
const YAML = `project: bench
budgets: [{ id: daily, limit: { usd: 25 }, window: day }]
`;
const CANNED = "data:text/javascript,globalThis.fetch = async () => Response.json({})";
const CALL = `await fetch("https://api.openai.com/v1/chat/completions",
  { method: "POST", body: '{"model":"gpt-4o-mini","messages":[]}' });`;

const LANES: readonly ImportLane[] = [
  { name: "bare node", imports: [] },
  { name: "bare node, again (noise)", imports: [] },
  { name: "@opentelemetry/api, part of the next two", imports: ["@opentelemetry/api"] },
  { name: "@tollgate/instrumentation/fetch", imports: ["@tollgate/instrumentation/fetch"] },
  { name: REGISTER, imports: [REGISTER] },
  { name: "  with a tollgate.yaml", imports: [REGISTER], yaml: YAML },
  { name: "@tollgate/pricing", imports: ["@tollgate/pricing"] },
  { name: "bare node, one canned call", imports: [CANNED], app: CALL },
  { name: "  metered for the first time", imports: [CANNED, REGISTER], app: CALL },
];

/** What one process took, milliseconds. */
interface Start {
  readonly wall: number;
  readonly cpu: number;
}

/** Ends every app: the processor time it took so far, microseconds. */
const SAY_CPU = `
const { user, system } = process.cpuUsage();
process.stdout.write(String(user + system));
`;

/** Measures and prints; takes some ten processes for each of the starts. */
export function benchImports(starts: number): void {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  try {
    const runs = LANES.map((lane, index) => ({
      name: lane.name,
      start: prepare(lane, join(folder, String(index))),
      taken: [] as Start[],
    }));
    for (let turn = 0; turn < starts; turn++) {
      for (let index = 0; index < runs.length; index++) {
        const run = runs[(turn + index) % runs.length];
        run?.taken.push(run.start());
      }
    }
    print(runs, starts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns a function that runs the process and says how long it took. */
function prepare({ imports, app = "", yaml }: ImportLane, path: string): () => Start {
  const script = `${path}.mjs`;
  writeFileSync(script, app + SAY_CPU);
  if (yaml !== undefined) writeFileSync(`${path}.yaml`, yaml);
  const args = [...imports.flatMap((specifier) => ["--import", specifier]), script];
  const options = {
    cwd: join(import.meta.dirname, ".."),
    env: {
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      ...(yaml !== undefined && { TOLLGATE_CONFIG: `${path}.yaml` }),
    },
  };
  return () => {
    const before = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    const wall = performance.now() - before;
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr.toString()}`);
    return { wall, cpu: Number(stdout.toString()) / 1000 };
  };
}

function print(
  runs: readonly { readonly name: string; readonly taken: readonly Start[] }[],
  starts: number,
): void {
  const figures = runs.map(({ name, taken }) => {
    const wall = taken.map((start) => start.wall);
    const cpu = taken.map((start) => start.cpu);
    return {
      name,
      p10: percentile(wall, 0.1),
      median: percentile(wall, 0.5),
      cpu: percentile(cpu, 0.1),
    };
  });
  const [bare] = figures;
  if (bare === undefined) return;
  const table = figures.map(({ name, p10, median, cpu }) => [
    name.padEnd(40),
    ...[p10, p10 - bare.p10, median, median - bare.median, cpu - bare.cpu].map((millis) =>
      millis.toFixed(1).padStart(9),
    ),
  ]);
  const titles = ["p10", "added", "median", "added", "CPU added"].map((title) => title.padStart(9));
  const lines = [["process start (ms)".padEnd(40), ...titles], ...table].map((row) => row.join(""));
  process.stdout.write(`${lines.join("\n")}\nNode ${process.version}, ${starts} starts\n\n`);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

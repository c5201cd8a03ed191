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

/** Measures and prints; takes some ten processes for each of the starts. */
export function benchImports(starts: number): void {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  try {
    const runs = LANES.map((lane, index) => ({
      name: lane.name,
      start: prepare(lane, join(folder, String(index))),
      millis: [] as number[],
    }));
    for (let turn = 0; turn < starts; turn++) {
      for (let index = 0; index < runs.length; index++) {
        const run = runs[(turn + index) % runs.length];
        run?.millis.push(run.start());
      }
    }
    print(runs, starts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns a function that runs the process and says how long it took. */
function prepare({ imports, app = "", yaml }: ImportLane, path: string): () => number {
  const script = `${path}.mjs`;
  writeFileSync(script, app);
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
    const { status, stderr } = spawnSync(process.execPath, args, options);
    const millis = performance.now() - before;
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr.toString()}`);
    return millis;
  };
}

function print(
  runs: readonly { readonly name: string; readonly millis: readonly number[] }[],
  starts: number,
): void {
  const [bare] = runs;
  if (bare === undefined) return;
  const head = `process start (ms)                          p10   added  median   added\n`;
  const rows = runs.map(({ name, millis }) => {
    const figures = [0.1, 0.5].flatMap((share) => {
      const value = percentile(millis, share);
      return [value, value - percentile(bare.millis, share)];
    });
    return `${name.padEnd(40)}${figures.map((value) => value.toFixed(1).padStart(8)).join("")}\n`;
  });
  process.stdout.write(`${head}${rows.join("")}Node ${process.version}, ${starts} starts\n\n`);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

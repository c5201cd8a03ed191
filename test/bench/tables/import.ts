/**
 * What loading Tollgate adds to the start of a process: whole processes, started by turns, so that what slows
 * the machine for a moment slows every lane alike.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

interface ImportLane {
  readonly name: string;
  /** Modules that are imported before an empty app. */
  readonly modules: readonly string[];
  readonly app?: string;
  readonly yaml?: string;
}

const REGISTER = "@tollgate/node/register";
const PRICING = "@tollgate/pricing";
const YAML = `project: bench
budgets: [{ id: daily, limit: { usd: 25 }, window: day }]
`;
const CANNED = "data:text/javascript,globalThis.fetch = async () => Response.json({})";
const CALL = `await fetch("https://api.openai.com/v1/chat/completions",
  { method: "POST", body: '{"model":"gpt-4o-mini","messages":[]}' });`;

const LANES: readonly ImportLane[] = [
  { name: "bare node", modules: [] },
  { name: "bare node, again (noise)", modules: [] },
  { name: "@opentelemetry/api, part of the next two", modules: ["@opentelemetry/api"] },
  { name: "@tollgate/instrumentation/fetch", modules: ["@tollgate/instrumentation/fetch"] },
  { name: REGISTER, modules: [REGISTER] },
  { name: "  with a tollgate.yaml", modules: [REGISTER], yaml: YAML },
  { name: PRICING, modules: [PRICING] },
  { name: "bare node, one canned call", modules: [CANNED], app: CALL },
  { name: "  metered for the first time", modules: [CANNED, REGISTER], app: CALL },
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

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 1 },
  { key: "added", title: "added", digits: 1 },
  { key: "median", title: "median", digits: 1 },
  { key: "medianAdded", title: "added", digits: 1 },
  { key: "cpuAdded", title: "CPU added", digits: 1 },
];

const TARGETS: readonly Target[] = [
  { what: "import of register", row: REGISTER, column: "added", atMost: 60, unit: "ms" },
  { what: "import of pricing", row: PRICING, column: "added", atMost: 25, unit: "ms" },
];

/** Takes a process of each lane for each round. */
export const imports: Table = {
  name: "import",
  onDemand: true,
  run({ rounds }) {
    const rows = measureStarts(rounds);
    return Promise.resolve({
      title: "start of a process (ms)",
      columns: COLUMNS,
      rows,
      targets: judge(rows, TARGETS),
    });
  },
};

function measureStarts(starts: number): readonly Row[] {
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
    return rowsOf(runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns a function that runs the process and says how long it took. */
function prepare({ modules, app = "", yaml }: ImportLane, path: string): () => Start {
  const script = `${path}.mjs`;
  writeFileSync(script, app + SAY_CPU);
  if (yaml !== undefined) writeFileSync(`${path}.yaml`, yaml);
  const args = [...modules.flatMap((specifier) => ["--import", specifier]), script];
  const options = {
    cwd: join(import.meta.dirname, "../.."),
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

function rowsOf(
  runs: readonly { readonly name: string; readonly taken: readonly Start[] }[],
): readonly Row[] {
  const figures = runs.map(({ name, taken }) => {
    const wall = taken.map((start) => start.wall);
    const cpu = percentile(
      taken.map((start) => start.cpu),
      0.1,
    );
    return { name, p10: percentile(wall, 0.1), median: percentile(wall, 0.5), cpu };
  });
  const [bare] = figures;
  return figures.map(({ name, p10, median, cpu }) => ({
    name,
    values: {
      p10,
      added: p10 - (bare?.p10 ?? 0),
      median,
      medianAdded: median - (bare?.median ?? 0),
      cpuAdded: cpu - (bare?.cpu ?? 0),
    },
  }));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

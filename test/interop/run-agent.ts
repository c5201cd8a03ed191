import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startFakeProvider } from "@tollgate/testkit";
import type { Addresses, CodingAgent } from "./agents.ts";
import { readBooked, readSummary } from "./booked-calls.ts";
import { cachedBuild, type Made } from "./cached-build.ts";
import { compareCalls } from "./compare-calls.ts";
import { compareSums } from "./compare-sums.ts";
import type { SenderReport } from "./report.ts";
import { runProgram } from "./run-program.ts";
import type { ProviderCall } from "./scenarios.ts";
import { createCollectorHome } from "./start-collector-process.ts";

/** Input of which a part was cached, since agents send the same beginning again and again. */
const USAGE = { inputTokens: 20_101, outputTokens: 207, cacheReadTokens: 1_001 };

/** One question to a coding agent, in a home of its own and with nothing of this process's environment. */
export async function runAgent(agent: CodingAgent): Promise<SenderReport> {
  const head = {
    name: agent.name,
    title: agent.title,
    over: "HTTP",
    versions: [`${agent.package} ${agent.version}`],
  };
  const installed = await install(agent);
  if ("unreachable" in installed) return { ...head, unreachable: installed.unreachable };
  const home = await mkdtemp(join(tmpdir(), "tollgate-interop-agent-"));
  const provider = await startFakeProvider({ script: { usage: USAGE } });
  const collectorHome = await createCollectorHome();
  const collector = await collectorHome.start();
  const { url: providerUrl, openaiBaseUrl } = provider;
  const to = { providerUrl, openaiBaseUrl, collectorUrl: collector.url, home };
  try {
    await writeFiles(agent, to);
    const script = join(installed.folder, "node_modules", agent.package, agent.script);
    const { code, stderr } = await runProgram(process.execPath, [script, ...agent.args], {
      cwd: home,
      onlyEnv: { PATH: process.env["PATH"], HOME: home, TMPDIR: home, ...agent.env(to) },
    });
    if (code !== 0) return { ...head, unreachable: `it ended with ${code}: ${stderr.slice(-200)}` };
    const calls = provider.requests
      .filter(({ api }) => api !== undefined)
      .map(({ startedAtMs }): ProviderCall => callOf(agent, startedAtMs));
    const booked = await readBooked(collector.url, ({ length }) => length >= calls.length);
    // Its records are of no trace, so that one call is all that can be told from another.
    const scenarios = new Map(booked.map(({ trace_id: id }) => [id ?? "", ASKED]));
    const findings = compareCalls({
      provider: calls,
      booked: booked.map((call) => ({ ...call, trace_id: call.trace_id ?? "" })),
      spans: [],
      scenarios,
      project: agent.project,
      dialects: [agent.dialect, `${agent.dialect}/logs`],
    });
    const sums = compareSums(booked, await readSummary(collector.url));
    return { ...head, calls, booked, findings: [...findings, ...sums] };
  } finally {
    await collector.end();
    await provider.close();
    await collectorHome.remove();
    await rm(home, { recursive: true, force: true });
  }
}

const ASKED = "one question";

function callOf({ provider, model }: CodingAgent, timeMs: number): ProviderCall {
  return {
    scenario: ASKED,
    provider,
    model,
    operation: "chat",
    timeMs,
    failed: false,
    usage: USAGE,
  };
}

function install(agent: CodingAgent): Promise<Made> {
  const wanted = `${agent.package}@${agent.version}`;
  return cachedBuild(agent.name, wanted, async (folder) => {
    const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
    const { code, stderr } = await runProgram("npm", [...args, wanted]);
    return code === 0 ? undefined : `npm: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  });
}

async function writeFiles(agent: CodingAgent, to: Addresses): Promise<void> {
  for (const [path, text] of Object.entries(agent.files(to))) {
    const file = join(to.home, path);
    // oxlint-disable-next-line no-await-in-loop -- one file
    await mkdir(dirname(file), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(file, text);
  }
}

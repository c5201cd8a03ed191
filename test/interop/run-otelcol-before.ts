import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startFakeProvider } from "@tollgate/testkit";
import { readBooked, readSummary } from "./booked-calls.ts";
import { compareCalls } from "./compare-calls.ts";
import { compareSums } from "./compare-sums.ts";
import { otelcolProgram, otelcolVersion } from "./otelcol-program.ts";
import { pythonEnvironment } from "./python-environment.ts";
import type { SenderReport } from "./report.ts";
import { projectOf, runApp, type AppRun } from "./run-app.ts";
import { answerOf, providerCall } from "./scenarios.ts";
import { VIA_OTELCOL } from "./senders.ts";
import { startOtelcol, type Otelcol } from "./start-otelcol.ts";
import { createCollectorHome, type CollectorProcess } from "./start-collector-process.ts";

/** How the OpenTelemetry Collector sends on. */
export type Onward = "otlp" | "otlphttp" | "both";

const OVER: Readonly<Record<Onward, string>> = {
  otlp: "OpenTelemetry Collector, gRPC",
  otlphttp: "OpenTelemetry Collector, HTTP",
  both: "OpenTelemetry Collector, both at once",
};
const RETRIES = { enabled: true, initial_interval: "200ms", max_interval: "500ms" };
/** So short that what a stopped collector holds up is sent again. */
const TIMEOUT = "2s";
const FAILED_MS = 60_000;
const POLL_MS = 50;

/**
 * App, OpenTelemetry Collector, collector: the same calls three times. The second time the collector was killed and comes back only
 * after sending failed; the third time it stands still until what it got is sent again.
 */
export async function runOtelcolBefore(onward: Onward): Promise<SenderReport> {
  const sender = VIA_OTELCOL;
  const head = {
    name: "otelcol-before",
    title: `${sender.title}, through an OpenTelemetry Collector`,
    over: OVER[onward],
    versions: [await otelcolVersion()],
  };
  const built = await otelcolProgram();
  if ("unreachable" in built) return { ...head, unreachable: built.unreachable };
  const environment = await pythonEnvironment(sender.name);
  if ("unreachable" in environment) return { ...head, unreachable: environment.unreachable };

  const folder = await mkdtemp(join(tmpdir(), "tollgate-interop-app-"));
  const provider = await startFakeProvider({ respond: answerOf });
  const home = await createCollectorHome();
  let collector = await home.start();
  const otelcol = await startOtelcol({ program: built.program, ...exportersTo(collector, onward) });
  const run = (): Promise<AppRun> => {
    const { python } = environment;
    return runApp({ python, sender, provider, protocol: "http", endpoint: otelcol.url, folder });
  };
  try {
    const first = await run();
    await readBooked(collector.url, (calls) => calls.length >= first.scenarios.size);

    await collector.kill();
    const second = await run();
    await untilFailed(otelcol);
    collector = await home.start();
    const expected = first.scenarios.size + second.scenarios.size;
    await readBooked(collector.url, (calls) => calls.length >= expected);

    process.kill(collector.pid, "SIGSTOP");
    const third = await run();
    await untilFailed(otelcol);
    process.kill(collector.pid, "SIGCONT");
    const all = expected + third.scenarios.size;
    const booked = await readBooked(collector.url, (calls) => calls.length >= all);

    const calls = provider.requests.map(providerCall);
    const perRun = [first, second, third].flatMap((told, index) => {
      const size = told.scenarios.size;
      return compareCalls({
        ...told,
        provider: calls.slice(index * size, (index + 1) * size),
        booked: booked.filter(({ trace_id: id }) => told.scenarios.has(id ?? "")),
        project: projectOf(sender),
        dialects: sender.dialects,
      });
    });
    const known = new Set([first, second, third].flatMap(({ scenarios }) => [...scenarios.keys()]));
    const strays = booked.filter(({ trace_id: id }) => !known.has(id ?? ""));
    return {
      ...head,
      calls,
      booked,
      findings: [
        ...perRun,
        ...strays.map(({ source }) => ({
          kind: "wrong" as const,
          scenario: "none",
          text: `${source} booked tokens that belong to no call`,
        })),
        ...compareSums(booked, await readSummary(collector.url)),
      ],
    };
  } finally {
    process.kill(collector.pid, "SIGCONT");
    await otelcol.stop();
    await collector.end();
    await provider.close();
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function exportersTo(
  { url, grpcPort }: CollectorProcess,
  onward: Onward,
): Pick<Parameters<typeof startOtelcol>[0], "exporters" | "pipelines"> {
  const all = {
    otlp: {
      endpoint: `127.0.0.1:${grpcPort}`,
      tls: { insecure: true },
      timeout: TIMEOUT,
      retry_on_failure: RETRIES,
    },
    otlphttp: { endpoint: url, timeout: TIMEOUT, retry_on_failure: RETRIES },
  };
  const names = onward === "both" ? (["otlp", "otlphttp"] as const) : [onward];
  return {
    exporters: Object.fromEntries(names.map((name) => [name, all[name]])),
    pipelines: { traces: names, logs: names, metrics: names },
  };
}

/** Until it says once more that sending failed and will be tried again. */
async function untilFailed(otelcol: Otelcol): Promise<void> {
  const before = otelcol.output();
  const deadlineMs = performance.now() + FAILED_MS;
  while (!otelcol.output().slice(sharedLength(before, otelcol.output())).includes("Will retry")) {
    if (performance.now() > deadlineMs) throw new Error(`nothing failed:\n${otelcol.output()}`);
    // oxlint-disable-next-line no-await-in-loop -- polling
    await wait(POLL_MS);
  }
}

/** How much of the later output is the earlier one: its beginning goes when there is much. */
function sharedLength(before: string, after: string): number {
  return after.startsWith(before) ? before.length : 0;
}

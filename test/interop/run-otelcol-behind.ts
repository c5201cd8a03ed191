import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePrometheusText, startFakeProvider, startPrometheus } from "@tollgate/testkit";
import { readBooked } from "./booked-calls.ts";
import { compareScrapes } from "./compare-scrapes.ts";
import { otelcolProgram, otelcolVersion } from "./otelcol-program.ts";
import { prometheusVersion } from "./prometheus-version.ts";
import { pythonEnvironment } from "./python-environment.ts";
import type { SenderReport } from "./report.ts";
import { runApp } from "./run-app.ts";
import { answerOf, providerCall } from "./scenarios.ts";
import { VIA_OTELCOL } from "./senders.ts";
import { startOtelcol } from "./start-otelcol.ts";
import { createCollectorHome } from "./start-collector-process.ts";

/** Metrics of a collector: scraped from it, and through `collector.forward`, an OpenTelemetry Collector and Prometheus. */
export async function runOtelcolBehind(): Promise<SenderReport> {
  const sender = VIA_OTELCOL;
  const prometheusIs = await prometheusVersion();
  const head = {
    name: "otelcol-behind",
    title: "The collector's metrics, through an OpenTelemetry Collector to Prometheus",
    over: "collector.forward",
    versions: [await otelcolVersion(), `Prometheus ${prometheusIs ?? "?"}`],
  };
  if (prometheusIs === undefined) return { ...head, unreachable: "prometheus is not installed" };
  const built = await otelcolProgram();
  if ("unreachable" in built) return { ...head, unreachable: built.unreachable };
  const environment = await pythonEnvironment(sender.name);
  if ("unreachable" in environment) return { ...head, unreachable: environment.unreachable };

  const folder = await mkdtemp(join(tmpdir(), "tollgate-interop-app-"));
  const provider = await startFakeProvider({ respond: answerOf });
  const otelcol = await startOtelcol({
    program: built.program,
    exporters: { prometheus: {} },
    pipelines: { metrics: ["prometheus"] },
  });
  const home = await createCollectorHome(`${otelcol.url}/v1/metrics`);
  const collector = await home.start();
  const prometheus = await startPrometheus({ targets: [otelcol.metricsUrl] });
  try {
    const { python } = environment;
    const endpoint = collector.url;
    const run = await runApp({ python, sender, provider, protocol: "http", endpoint, folder });
    const booked = await readBooked(collector.url, ({ length }) => length >= run.scenarios.size);
    const scraped = parsePrometheusText(await (await fetch(`${collector.url}/metrics`)).text());
    // Its end sends what was counted last.
    await collector.end();
    await prometheus.queryUntil("count(tollgate_requests_total)", (found) => found.length > 0);
    const compared = await compareScrapes(scraped, (promql) => prometheus.query(promql));
    const compareCount = scraped.length;
    return {
      ...head,
      calls: provider.requests.map(providerCall),
      booked,
      findings: compared.findings,
      notes: [
        `${compareCount} metrics of the scrape; found with \`_seconds\` behind their name: ${compared.renamed.join(", ") || "none"}`,
      ],
    };
  } finally {
    await collector.end();
    await prometheus.stop();
    await otelcol.stop();
    await provider.close();
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

import { join } from "node:path";
import {
  runNode,
  startPrometheus,
  type NodeProcess,
  type PrometheusServer,
} from "@tollgate/testkit";
import { onTestFinished } from "vitest";

/** The demo, once through its jobs, and a Prometheus that scrapes all its agents. Both end with the test. */
export async function startScrapedDemo(
  holdSeconds: number,
): Promise<{ readonly demo: NodeProcess; readonly prometheus: PrometheusServer }> {
  const demo = runNode({
    script: join(import.meta.dirname, "../../examples/demo/src/main.ts"),
    args: ["--once", "--json", "--hold", String(holdSeconds)],
  });
  onTestFinished(async () => {
    demo.kill("SIGINT");
    await demo.exited;
  });
  const [, metricsUrl = ""] = await demo.untilStdout(/metrics of all agents: (\S+)/);
  const prometheus = await startPrometheus({
    targets: [metricsUrl],
    scrapeIntervalMs: 250,
    honorLabels: true,
  });
  onTestFinished(() => prometheus.stop());
  return { demo, prometheus };
}

import { createServer } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startServer } from "@tollgate/testkit";

/** An OpenTelemetry Collector on loopback. */
export interface Otelcol {
  /** Where it takes OTLP over HTTP. */
  readonly url: string;
  /** Where it takes OTLP over gRPC, as a URL. */
  readonly grpcUrl: string;
  /** Where its Prometheus exporter can be scraped. */
  readonly metricsUrl: string;
  /** The end of what it wrote. */
  output(): string;
  stop(): Promise<void>;
}

export interface OtelcolOptions {
  readonly program: string;
  readonly exporters: Readonly<Record<string, object>>;
  /** Which exporter names each signal goes to. */
  readonly pipelines: Readonly<Record<string, readonly string[]>>;
}

const READY_TIMEOUT_MS = 60_000;

/** @param options - exporters named `prometheus` get a port here. */
export async function startOtelcol(options: OtelcolOptions): Promise<Otelcol> {
  const { program, exporters, pipelines } = options;
  const [grpcPort, metricsPort] = [await freePort(), await freePort()];
  const server = await startServer({
    name: "otelcol",
    program,
    readyTimeoutMs: READY_TIMEOUT_MS,
    async configure(folder, port) {
      const file = join(folder, "config.yaml");
      await writeFile(
        file,
        // JSON is YAML, so it needs no library.
        JSON.stringify({
          receivers: {
            otlp: {
              protocols: {
                http: { endpoint: `127.0.0.1:${port}` },
                grpc: { endpoint: `127.0.0.1:${grpcPort}` },
              },
            },
          },
          processors: { batch: { timeout: "200ms" } },
          exporters: {
            ...exporters,
            ...("prometheus" in exporters && {
              prometheus: { ...exporters["prometheus"], endpoint: `127.0.0.1:${metricsPort}` },
            }),
          },
          service: {
            telemetry: { metrics: { level: "none" } },
            pipelines: Object.fromEntries(
              Object.entries(pipelines).map(([signal, names]) => [
                signal,
                { receivers: ["otlp"], processors: ["batch"], exporters: names },
              ]),
            ),
          },
        }),
      );
      return [`--config=file:${file}`];
    },
    isReady: async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/${Object.keys(pipelines)[0]}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      return response.ok;
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    output: server.output,
    stop: server.stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free loopback port");
  return address.port;
}

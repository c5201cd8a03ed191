import { createServer, type Server } from "node:http";
import { diag } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";

export interface PrometheusEndpoint {
  readonly reader: IMetricReader;
  close(): void;
}

export interface PrometheusEndpointOptions {
  readonly host: string;
  /** 0 takes any free port; a taken one is given up for a free one. */
  readonly port: number;
  readonly onListening: (metricsUrl: string) => void;
}

/**
 * The official Prometheus exporter behind a server of our own, because its own server can neither take
 * port 0 nor step aside when the port is taken, as it is whenever two apps run on one machine. The server never keeps
 * the app alive.
 */
export function createPrometheusEndpoint(options: PrometheusEndpointOptions): PrometheusEndpoint {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0];
    if (path === "/metrics") {
      exporter.getMetricsRequestHandler(request, response);
      return;
    }
    response.writeHead(path === "/" ? 302 : 404, { location: "/metrics" }).end();
  });
  // Neither the server nor a scraper's kept connection may hold an app that is done.
  server.unref();
  server.on("connection", (socket) => socket.unref());
  listen(server, options);
  return { reader: exporter, close: () => void server.close() };
}

function listen(server: Server, { host, port, onListening }: PrometheusEndpointOptions): void {
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE" && port !== 0) {
      diag.warn(`tollgate: port ${port} is taken, /metrics gets a free one`);
      port = 0;
      server.listen({ host, port });
      return;
    }
    diag.error(`tollgate: /metrics cannot listen on ${host}:${port}`, error);
  });
  server.on("listening", () => {
    const address = server.address();
    if (typeof address !== "object" || address === null) return;
    const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
    onListening(`http://${name}:${address.port}/metrics`);
  });
  server.listen({ host, port });
}

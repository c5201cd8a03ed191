import { diag } from "@opentelemetry/api";
import type { RunningCollector } from "@tollgate/collector";
import type { FollowedConfig } from "@tollgate/config";
import type { AddCommand } from "../command.ts";
import {
  addPlaceOptions,
  parsePort,
  readPlace,
  type Place,
  type PlaceOptions,
} from "../options.ts";
import { untilStopped } from "../stop-signals.ts";
import type { Terminal } from "../terminal.ts";

interface ServeOptions extends PlaceOptions {
  readonly port?: number | undefined;
  readonly grpcPort?: number | undefined;
  /** False with `--no-grpc`. */
  readonly grpc: boolean;
  readonly host?: string | undefined;
}

const ABOUT = `Run a collector: OTLP, REST and MCP in; a ledger,
budgets and /metrics behind.

Flags win over the configuration. Edits of budgets, guards,
alerts and prices count while it runs. SIGTERM or Ctrl-C ends
it in order; a second one at once.`;

/** `tollgate serve`. */
export const addServe: AddCommand = (program, terminal) => {
  const command = program
    .command("serve")
    .summary("run a collector")
    .description(ABOUT)
    .option("--port <port>", "OTLP/HTTP, REST, MCP and /metrics (default: 4318)", parsePort)
    .option("--grpc-port <port>", "OTLP/gRPC (default: 4317)", parsePort)
    .option("--no-grpc", "no OTLP/gRPC")
    .option("--host <host>", "where to listen; others than 127.0.0.1 need tokens");
  addPlaceOptions(command).action(async (options: ServeOptions) => {
    const place = await readPlace(options, terminal);
    for (const warning of place.config.warnings) diag.warn(`tollgate: ${warning}`);
    // From now on: whoever is stopped while starting ends in order too.
    const stopped = untilStopped();
    const { startCollector } = await import("@tollgate/collector");
    const collector = await startCollector({
      config: place.config,
      dataFolder: place.dataFolder,
      port: options.port,
      grpcPort: options.grpc ? options.grpcPort : false,
      host: options.host,
    });
    const followed = await follow(place, collector, terminal);
    terminal.out(ready(collector, options.host ?? place.config.collector.host ?? "127.0.0.1"));
    await stopped;
    followed.stop();
    await collector.close();
  });
};

function ready({ url, grpcPort }: RunningCollector, host: string): string {
  const http = `tollgate listening on ${url}\n`;
  if (grpcPort === undefined) return http;
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${http}tollgate listening for OTLP/gRPC on ${shown}:${grpcPort}\n`;
}

/** Lets edits of the configuration's file count. */
export async function follow(
  { config, env }: Place,
  { applyConfig }: Pick<RunningCollector, "applyConfig">,
  { cwd }: Terminal,
): Promise<FollowedConfig> {
  const { followConfig } = await import("@tollgate/config");
  return followConfig({ config, env, cwd, watch: config.reload, apply: applyConfig });
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findServer } from "./find-server.ts";
import { startServer } from "./server-process.ts";

export interface AlertmanagerServer {
  /** For `alertmanager` of Prometheus. */
  readonly host: string;
  readonly pid: number;
  /** Ends the server by its pid and removes all it wrote. */
  stop(): Promise<void>;
}

/** The path of the Alertmanager on `PATH`, under Debian's name or its own. */
export function findAlertmanager(): string | undefined {
  return findServer("prometheus-alertmanager") ?? findServer("alertmanager");
}

/**
 * Starts the Alertmanager that is on `PATH` on a free loopback port.
 *
 * @param config - the text of its configuration file.
 * @throws Error when it is not installed or does not start, as with a configuration that it does not take.
 */
export async function startAlertmanager(config: string): Promise<AlertmanagerServer> {
  const program = findAlertmanager();
  if (program === undefined) {
    throw new Error(
      "no alertmanager on PATH; on Debian: apt-get install -y prometheus-alertmanager",
    );
  }
  const server = await startServer({
    name: "alertmanager",
    program,
    readyTimeoutMs: 20_000,
    async configure(folder, port) {
      const file = join(folder, "alertmanager.yml");
      await writeFile(file, config);
      return [
        `--config.file=${file}`,
        `--storage.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // On its own: no port for others of a cluster.
        "--cluster.listen-address=",
        "--log.level=warn",
      ];
    },
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  });
  return { host: `127.0.0.1:${server.port}`, pid: server.pid, stop: () => server.stop() };
}

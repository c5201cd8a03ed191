import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "@tollgate/testkit";
import * as z from "zod";

/** A collector under test. */
export interface CollectorProcess {
  readonly url: string;
  readonly grpcPort: number;
  readonly pid: number;
  /** Stops it as an operator would: what is under way is finished, metrics are sent. */
  end(): Promise<void>;
  /** Stops it as a crash would. */
  kill(): Promise<void>;
}

export interface CollectorHome {
  /** Starts a collector over what is in its folder; a second one takes the ports of the first. */
  start(): Promise<CollectorProcess>;
  remove(): Promise<void>;
}

/** Short, since every run waits this long for spans around those that are there. */
const DEDUP_WINDOW_SECONDS = 1;
const SIGNAL_WINDOW_SECONDS = 5;
const SCRIPT = join(import.meta.dirname, "collector-process.ts");
const listening = z.object({ url: z.string(), grpcPort: z.number() });

/** @param forwardUrl - where its metrics are sent by OTLP. */
export async function createCollectorHome(forwardUrl?: string): Promise<CollectorHome> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-interop-"));
  let ports = { port: 0, grpcPort: 0 };
  return {
    async start() {
      await writeFile(join(folder, "tollgate.yaml"), settings(ports, forwardUrl));
      const app = runNode({ script: SCRIPT, args: [folder], env: { TOLLGATE_CONFIG: undefined } });
      const [line] = await app.untilStdout(/^\{.*\}$/m);
      const { url, grpcPort } = listening.parse(JSON.parse(line));
      ports = { port: Number(new URL(url).port), grpcPort };
      const ended = async (): Promise<void> => void (await app.exited);
      return {
        url,
        grpcPort,
        pid: app.pid ?? 0,
        async end() {
          app.endInput();
          await ended();
        },
        async kill() {
          app.kill("SIGKILL");
          await ended();
        },
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** JSON is YAML, so it needs no library. */
function settings(ports: { port: number; grpcPort: number }, forwardUrl?: string): string {
  return JSON.stringify({
    collector: {
      ...ports,
      dedupWindowSeconds: DEDUP_WINDOW_SECONDS,
      signalWindowSeconds: SIGNAL_WINDOW_SECONDS,
      ...(forwardUrl !== undefined && { forward: { url: forwardUrl } }),
    },
  });
}

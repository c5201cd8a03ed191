import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode, type NodeExit } from "@tollgate/testkit";
import { onTestFinished } from "vitest";

/** A collector's folder and the process that runs on it, one after the other. */
export interface TestCollector {
  readonly folder: string;
  readonly pid: number;
  readonly url: string;
  /** Kills it by its pid and starts another on the same folder and port. */
  restart(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<NodeExit>;
}

/** @param folder - made when it is not there; @defaultValue a new one, which goes with the test */
export async function startTestCollector(
  config: string,
  folder: string = temporaryFolder(),
): Promise<TestCollector> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tollgate.yaml"), config);
  let running = await launch(folder, "0");
  const { port } = new URL(running.url);
  onTestFinished(() => running.process.kill("SIGKILL"));
  return {
    folder,
    get pid() {
      return running.process.pid ?? 0;
    },
    get url() {
      return running.url;
    },
    async restart() {
      running.process.kill("SIGKILL");
      await running.process.exited;
      running = await launch(folder, port);
    },
    kill: (signal) => running.process.kill(signal),
    get exited() {
      return running.process.exited;
    },
  };
}

async function launch(folder: string, port: string) {
  const started = runNode({
    script: join(import.meta.dirname, "collector-process.ts"),
    args: [folder, port],
    nodeArgs: ["--conditions=source"],
  });
  const [, url = ""] = await started.untilStdout(/listening on (\S+)\n/);
  return { process: started, url };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-collector-"));
  if (process.env["KEEP"] === undefined)
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A budget of everything, in every unit, that nothing exceeds. */
export const BUDGETS = `budgets:
  - { id: all, limit: { usd: 1000000, tokens: 900000000000, requests: 900000000 }, window: total }
`;

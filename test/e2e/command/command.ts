import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNode, type NodeExit, type NodeProcess } from "@tollgate/testkit";
import { onTestFinished } from "vitest";
import * as z from "zod";

/** What the `tollgate` of node_modules/.bin runs. */
export const SCRIPT: string = join(
  dirname(fileURLToPath(import.meta.resolve("@tollgate/cli/package.json"))),
  "bin/tollgate.mjs",
);

export type Env = Readonly<Record<string, string | undefined>>;

/** A folder that is gone after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function start(args: readonly string[], env: Env = {}): NodeProcess {
  const command = runNode({
    script: SCRIPT,
    args,
    env: { OTEL_LOG_LEVEL: undefined, TOLLGATE_TOKEN: undefined, ...env },
    cwd: tmpdir(),
  });
  onTestFinished(async () => {
    command.kill("SIGKILL");
    await command.exited;
  });
  return command;
}

export function run(args: readonly string[], env: Env = {}): Promise<NodeExit> {
  const command = start(args, env);
  command.endInput();
  return command.exited;
}

export interface Served {
  readonly process: NodeProcess;
  readonly url: string;
}

/** A collector on free ports, ready. */
export async function serve(
  folder: string,
  more: readonly string[] = [],
  env: Env = {},
): Promise<Served> {
  const process = start(
    ["serve", "--port", "0", "--grpc-port", "0", "--data", folder, ...more],
    env,
  );
  const [, url = ""] = await process.untilStdout(/^tollgate listening on (http:\S+)\n/m);
  await process.untilStdout(/^tollgate listening for OTLP\/gRPC on \S+\n/m);
  return { process, url };
}

interface Created {
  readonly id: string;
  readonly token: string;
}

const createdSchema: z.ZodType<Created> = z.object({ id: z.string(), token: z.string() });

export async function createToken(folder: string, ...more: readonly string[]): Promise<Created> {
  const { stdout } = await run(["token", "create", "--json", "--data", folder, ...more]);
  return createdSchema.parse(JSON.parse(stdout));
}

export async function post(url: string, body: object, token?: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
}

interface Totals {
  readonly events: number;
  readonly tokens_in: number;
}

const summarySchema: z.ZodType<Totals> = z.object({ events: z.number(), tokens_in: z.number() });

/** What was used on a task. */
export async function taskTotals(url: string, task: string): Promise<Totals> {
  const response = await fetch(`${url}/v1/token-events/summary?scope=task&id=${task}`);
  return summarySchema.parse(await response.json());
}

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const READY_POLL_MS = 50;
const TERM_GRACE_MS = 5_000;
const OUTPUT_TAIL_CHARS = 8_000;

export interface ServerLaunch {
  /** For messages and the temporary folder's name. */
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  /** Prepares the folder and says how to start. Called again, with another port, on a lost race for it. */
  readonly configure: (folder: string, port: number) => Promise<readonly string[]>;
  /** Whether the server takes requests yet; may reject while it does not. */
  readonly isReady: (port: number) => Promise<boolean>;
  readonly readyTimeoutMs: number;
  /** @defaultValue any free one */
  readonly port?: number;
  /** Who runs it. @defaultValue who runs this process */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Asks it to end. @defaultValue `SIGTERM` */
  readonly stopSignal?: NodeJS.Signals;
}

/** A server that runs in a temporary folder of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  readonly folder: string;
  /** The end of what it wrote to stdout and stderr. */
  output(): string;
  /** Ends it by its pid and removes the folder. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a server on a free loopback port and waits until it is ready.
 *
 * Neither process nor folder outlives this process, however it dies, `kill -9` included.
 *
 * @throws Error with the end of the server's output when it exits or is not ready in time.
 */
export async function startServer(launch: ServerLaunch): Promise<ServerProcess> {
  const attempts = 3;
  for (let attempt = 1; ; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt follows a failed one
    const started = await tryStart(launch);
    if (!(started instanceof Error)) return started;
    const portTaken = /address already in use/i.test(started.message);
    if (!portTaken || attempt === attempts) throw started;
  }
}

async function tryStart(launch: ServerLaunch): Promise<ServerProcess | Error> {
  const port = launch.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), `tollgate-${launch.name}-`));
  const child = spawn(launch.program, [...(await launch.configure(folder, port))], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    ...launch.user,
  });
  const releaseWatchdog = child.pid === undefined ? undefined : watch(child.pid, folder);
  const output = collectOutput(child);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });

  let stopping: Promise<void> | undefined;
  async function end(): Promise<void> {
    child.kill(launch.stopSignal ?? "SIGTERM");
    const grace = new AbortController();
    const late = wait(TERM_GRACE_MS, true, { signal: grace.signal }).catch(() => false);
    if (await Promise.race([exited.then(() => false), late])) child.kill("SIGKILL");
    grace.abort();
    await exited;
    releaseWatchdog?.();
    await rm(folder, { recursive: true, force: true });
  }
  const stop = (): Promise<void> => (stopping ??= end());

  const problem = await untilReady(launch, port, exited);
  if (problem !== undefined || child.pid === undefined) {
    await stop();
    return new Error(`${launch.name} ${problem ?? "did not start"}:\n${output()}`);
  }
  return { pid: child.pid, port, folder, output, stop };
}

/** @returns what went wrong, in words that follow the server's name. */
async function untilReady(
  { isReady, readyTimeoutMs }: ServerLaunch,
  port: number,
  exited: Promise<void>,
): Promise<string | undefined> {
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const deadlineMs = performance.now() + readyTimeoutMs;
  /* oxlint-disable no-await-in-loop -- polling */
  while (performance.now() < deadlineMs) {
    if (await isReady(port).catch(() => false)) return undefined;
    if (hasExited) return "exited before it was ready";
    await wait(READY_POLL_MS);
  }
  /* oxlint-enable no-await-in-loop */
  return `was not ready after ${readyTimeoutMs} ms`;
}

/**
 * A shell that outlives us, with our end of a pipe as its stdin: when we die, by whatever means,
 * the pipe closes, and it kills the server and removes the folder.
 *
 * @returns a function that sends the shell away.
 */
function watch(pid: number, folder: string): () => void {
  const script = 'read -r _; kill -KILL "$1" 2>/dev/null; sleep 0.1; rm -rf -- "$2"';
  const shell = spawn("/bin/sh", ["-c", script, "tollgate-watchdog", String(pid), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => undefined);
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return () => shell.kill("SIGKILL");
}

function collectOutput(child: ChildProcess): () => string {
  let text = "";
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-OUTPUT_TAIL_CHARS);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  child.once("error", (error) => add(Buffer.from(error.message)));
  return () => text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free loopback port");
  return address.port;
}

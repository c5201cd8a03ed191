import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

export interface NodeLaunch {
  /** A file that Node runs. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Options of Node itself, such as `["--import", "@tollgate/node/register"]`. */
  readonly nodeArgs?: readonly string[];
  /** Laid over this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @defaultValue this process's */
  readonly cwd?: string;
  /** In a process group of its own, so that a terminal's Ctrl-C reaches only us. @defaultValue false */
  readonly ownGroup?: boolean;
}

/** How a process ended. */
export interface NodeExit {
  /** `undefined` when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Node process with its output captured. */
export interface NodeProcess {
  readonly pid: number | undefined;
  /** All of it so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the process has ended and its output is complete. */
  readonly exited: Promise<NodeExit>;
  write(text: string): void;
  /** Closes its stdin. */
  endInput(): void;
  /**
   * Resolves with the match once stdout holds it.
   *
   * @throws Error with all output when the process ends without.
   */
  untilStdout(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The same of stderr. */
  untilStderr(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Calls back with each whole line of stdout from now on. */
  onLine(listener: (line: string) => void): void;
  /** By pid. @defaultValue SIGTERM */
  kill(signal?: NodeJS.Signals): void;
}

const running = new Set<ChildProcessWithoutNullStreams>();

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Starts a script with this process's Node. It dies with this process, unless that is killed hard. */
export function runNode({
  script,
  args = [],
  nodeArgs = [],
  env = {},
  cwd,
  ownGroup = false,
}: NodeLaunch): NodeProcess {
  const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: ownGroup,
    env: Object.fromEntries(
      Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined),
    ),
    ...(cwd !== undefined && { cwd }),
  });
  if (running.size === 0) process.on("exit", killAll);
  running.add(child);
  // A process that has ended no longer reads; its exit says so.
  child.stdin.on("error", () => undefined);

  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const exited = untilExit(child, output);
  void exited.finally(() => {
    running.delete(child);
    if (running.size === 0) process.off("exit", killAll);
  });

  const until = (name: keyof typeof output, pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = output[name].match(pattern);
        if (!match) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      void exited.then((exit) => {
        listeners.delete(look);
        const end = `${script} ended (${exit.code ?? exit.signal}) without writing ${pattern}`;
        return reject(new Error(`${end}\nstdout: ${exit.stdout}\nstderr: ${exit.stderr}`));
      });
    });

  return {
    pid: child.pid,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    untilStdout: (pattern) => until("stdout", pattern),
    untilStderr: (pattern) => until("stderr", pattern),
    onLine(listener) {
      let position = output.stdout.length;
      listeners.add(() => {
        for (;;) {
          const end = output.stdout.indexOf("\n", position);
          if (end < 0) return;
          const line = output.stdout.slice(position, end);
          position = end + 1;
          listener(line);
        }
      });
    },
    kill: (signal = "SIGTERM") => void child.kill(signal),
  };
}

function untilExit(
  child: ChildProcessWithoutNullStreams,
  output: { readonly stdout: string; stderr: string },
): Promise<NodeExit> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      output.stderr += error.message;
      resolve({ code: undefined, signal: undefined, ...output });
    });
    child.once("close", (code, signal) => {
      resolve({ code: code ?? undefined, signal: signal ?? undefined, ...output });
    });
  });
}

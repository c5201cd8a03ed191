import { spawn } from "node:child_process";

export interface ProgramRun {
  /** `undefined` when a signal ended it or it did not start. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Laid over this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Instead of this process's environment. */
  readonly onlyEnv?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramRun> {
  const { promise, resolve } = Promise.withResolvers<ProgramRun>();
  const child = spawn(program, [...args], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: options.onlyEnv ?? { ...process.env, ...options.env },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  }
  child.once("error", (error) => resolve({ code: undefined, ...output, stderr: error.message }));
  child.once("close", (code) => resolve({ code: code ?? undefined, ...output }));
  return promise;
}

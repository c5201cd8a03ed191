import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OUTCOME_FILE_VARIABLE } from "./outcome-reporter.ts";
import { outcomeSchema, type Outcome } from "./outcome.ts";

const root = dirname(dirname(import.meta.dirname));
const vitest = join(
  dirname(fileURLToPath(import.meta.resolve("vitest/package.json"))),
  "vitest.mjs",
);

/** Ctrl-C in a terminal reaches Vitest by itself. */
const hasTerminal = (): boolean =>
  [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);

/** Runs Vitest to its end in a process of its own, so that its crash is not ours. */
function spawnVitest(args: readonly string[], outcomeFile: string): Promise<string | undefined> {
  const child = spawn(
    process.execPath,
    [
      vitest,
      "run",
      "--reporter=default",
      `--reporter=${join(import.meta.dirname, "outcome-reporter.ts")}`,
      ...args,
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, [OUTCOME_FILE_VARIABLE]: outcomeFile } },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !hasTerminal()) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      resolve(code === 0 ? undefined : `Vitest ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

function readOutcome(file: string): Outcome | undefined {
  try {
    return outcomeSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, skippedSuites: [], problems: [] };

/** Vitest's own verdict counts: what it calls a failure is one, even when no test failed. */
function withVerdict(outcome: Outcome, problem: string | undefined): Outcome {
  const { passed, failed, skipped } = outcome;
  if (failed > 0) return outcome;
  const reason =
    problem ??
    (passed + skipped === 0 ? "Vitest ran no test and called that a success" : undefined);
  if (reason === undefined) return outcome;
  return { ...outcome, failed: 1, problems: [...outcome.problems, reason] };
}

/** Runs the tests that `args` (Vitest's filters and options) choose. */
export async function runVitest(args: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-test-"));
  try {
    const outcomeFile = join(folder, "outcome.json");
    const problem = await spawnVitest(args, outcomeFile);
    return withVerdict(readOutcome(outcomeFile) ?? NOTHING, problem);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

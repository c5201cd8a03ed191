import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { closingLines } from "../run/closing-lines.ts";
import type { Outcome } from "../run/outcome.ts";

const testFolder = dirname(import.meta.dirname);

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs `test/run.ts` on suites of its own, in an environment that knows of no outer Vitest. */
function runTests(filter: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  const child = spawn(
    process.execPath,
    [join(testFolder, "run.ts"), "--root", join(testFolder, "run/fixtures"), filter],
    { env: { ...Object.fromEntries(outer), ...env }, stdio: ["ignore", "pipe", "ignore"] },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, lines: output.trimEnd().split("\n") }));
  });
}

describe("the last line of npm test", { timeout: 30_000 }, () => {
  test.each([
    ["counts what passed and what was skipped", "passes", "2 passed, 0 failed, 1 skipped", 0],
    ["counts what failed", "fails", "1 passed, 1 failed", 1],
    ["counts a file that does not load", "does-not-load", "0 passed, 1 failed", 1],
    ["counts a hook that throws", "broken-hook", "0 passed, 1 failed, 1 skipped", 1],
    ["counts a rejection that nobody handles", "unhandled", "1 passed, 1 failed", 1],
    ["counts a crash of Vitest", "crashes", "0 passed, 1 failed", 1],
    ["counts a filter that finds nothing", "no-such-suite", "0 passed, 1 failed", 1],
  ])("%s", async (_fact, filter, line, code) => {
    const ended = await runTests(filter);
    expect(ended.lines.at(-1)).toBe(line);
    expect(ended.code).toBe(code);
  });

  test("follows the servers that were missing and the command that installs them", async () => {
    const { code, lines } = await runTests("needs-server", { PATH: "" });
    expect(lines.slice(-3)).toEqual([
      "Skipped: needs-server.fixture.ts > rules (2 tests): prometheus not found",
      "To run what was skipped: apt-get install -y prometheus",
      "0 passed, 0 failed, 2 skipped",
    ]);
    expect(code).toBe(0);
  });
});

const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, skippedSuites: [], problems: [] };

test("one command installs all servers that were missing", () => {
  const redis = { server: "redis", debianPackage: "redis-server" };
  const prometheus = { server: "prometheus", debianPackage: "prometheus" };
  const lines = closingLines({
    ...NOTHING,
    skipped: 3,
    skippedSuites: [
      { name: "a", file: "a.test.ts", tests: 1, missingServers: [redis, prometheus] },
      { name: "b", file: "b.test.ts", tests: 2, missingServers: [redis] },
    ],
  });
  expect(lines).toEqual([
    "Skipped: a.test.ts > a (1 test): redis and prometheus not found",
    "Skipped: b.test.ts > b (2 tests): redis not found",
    "To run what was skipped: apt-get install -y prometheus redis-server",
    "0 passed, 0 failed, 3 skipped",
  ]);
});

test("failures that are no test's are named", () => {
  const lines = closingLines({ ...NOTHING, failed: 1, problems: ["a.test.ts: broken"] });
  expect(lines).toEqual(["Failed: a.test.ts: broken", "0 passed, 1 failed"]);
});

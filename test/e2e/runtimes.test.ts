import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);

test.each([
  ["Node", process.execPath, []],
  ["Bun", bin("bun"), ["run"]],
  ["Deno", bin("deno"), ["run", "--allow-all", "--no-lock", "--node-modules-dir=manual"]],
])(
  "%s runs a metered fetch with a price, an attribution and a budget",
  async (_name, program, args) => {
    const { stdout } = await run(program, [...args, "runtimes/smoke.mjs"], { cwd: root });
    const planner = { agent: "planner" };
    expect(JSON.parse(stdout)).toEqual([
      { outcome: "ok", input: 1_000, nanoUsd: 450_000, ...planner },
      { outcome: "ok", input: 1_000, nanoUsd: 450_000, ...planner },
      { outcome: "refused", nanoUsd: 0, ...planner },
      { status: 402, budgetExceeded: true },
    ]);
  },
);

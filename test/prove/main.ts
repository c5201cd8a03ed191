/**
 * `pnpm prove [-- filter]`: the proofs of `*.proof.test.ts` at length, which run bounded among all tests,
 * with the figures they find.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const filters = process.argv.slice(2);
const vitest = spawn(
  "vitest",
  [
    "run",
    "--project",
    "unit",
    "--disable-console-intercept=true",
    ...(filters.length > 0 ? filters : ["proof"]),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, PROVE: "at-length" } },
);
vitest.on("exit", (code) => {
  process.exitCode = code ?? 1;
});

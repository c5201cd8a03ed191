import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNode } from "@tollgate/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const nodeArgs = ["--conditions=source"];

/** Where the demo puts its folder, so that demos elsewhere on the machine do not matter. */
let temporary: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "tollgate-test-"));
});
afterAll(() => rmSync(temporary, { recursive: true }));

describe("the command line", () => {
  it("prints its usage", async () => {
    const { code, stdout } = await runNode({ script, nodeArgs, args: ["--help"] }).exited;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm start -- \[options\]/);
  });

  it("ends with 2 and a clear error for a flag it does not know", async () => {
    const { code, stdout, stderr } = await runNode({ script, nodeArgs, args: ["--onec"] }).exited;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Unknown option '--onec'");
    expect(stderr).toContain("Usage: npm start");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "at %s ends with %i and leaves nothing behind",
    async (signal, exitCode) => {
      const demo = runNode({ script, nodeArgs, env: { TMPDIR: temporary } });
      await demo.untilStdout(/metrics of all agents: http/);
      expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^tollgate-demo-/)]);
      demo.kill(signal);
      expect(await demo.exited).toMatchObject({ code: exitCode, stderr: "" });
      expect(readdirSync(temporary)).toEqual([]);
    },
    30_000,
  );
});

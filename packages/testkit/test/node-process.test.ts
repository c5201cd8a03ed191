import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runNode, type NodeLaunch } from "../src/index.ts";

const script = fileURLToPath(new URL("fixtures/echo.js", import.meta.url));
const start = (more: Partial<NodeLaunch> = {}): ReturnType<typeof runNode> =>
  runNode({ script, ...more });

describe("runNode", () => {
  it("passes arguments and variables, and captures the output", async () => {
    const child = start({ args: ["a", "b"], env: { GREETING: "hello" } });
    child.endInput();
    expect(await child.exited).toEqual({
      code: 0,
      signal: undefined,
      stdout: "a b hello\n",
      stderr: "",
    });
  });

  it("takes a variable away with undefined", async () => {
    process.env["GREETING"] = "from the parent";
    const child = start({ env: { GREETING: undefined } });
    delete process.env["GREETING"];
    child.endInput();
    expect((await child.exited).stdout).toBe(" none\n");
  });

  it("passes options to Node", async () => {
    const child = start({ nodeArgs: ["--import", "data:text/javascript,console.log('first')"] });
    child.endInput();
    expect((await child.exited).stdout).toMatch(/^first\n/);
  });

  it("calls back line by line and waits for output", async () => {
    const child = start();
    const lines: string[] = [];
    child.onLine((line) => lines.push(line));
    child.write("one\ntwo\n");
    const match = await child.untilStdout(/echo (t\w+)/);
    expect(match[1]).toBe("two");
    child.endInput();
    await child.exited;
    expect(lines).toEqual([" none", "echo one", "echo two"]);
  });

  it("says how a process ended that never wrote what was waited for", async () => {
    const child = start();
    const waiting = child.untilStdout(/never/);
    child.write("fail\n");
    await expect(waiting).rejects.toThrow(/ended \(3\) without writing \/never\/[^]*told to fail/);
    expect((await child.exited).code).toBe(3);
  });

  it("kills by pid", async () => {
    const child = start();
    await child.untilStdout(/none/);
    child.kill();
    expect(await child.exited).toMatchObject({ code: undefined, signal: "SIGTERM" });
  });

  it("a script that does not exist ends with a code and Node's words", async () => {
    const child = start({ script: "does-not-exist.js" });
    const { code, stderr } = await child.exited;
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot find module");
  });
});

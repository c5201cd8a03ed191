import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./load.ts";

const MODEL = { id: "m", match: { equals: "m" }, prices: { input_mtok: 1, output_mtok: 2 } };

interface Exit {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does, without a terminal. */
function run(...args: readonly string[]): Promise<Exit> {
  const main = join(import.meta.dirname, "../src/prices/main.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, ["--conditions=source", main, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    ).stdin?.end();
  });
}

function createFiles() {
  const folder = makeFolder();
  const [source, out] = [join(folder, "data.json"), join(folder, "prices.json")];
  writeFileSync(source, JSON.stringify([{ id: "acme", models: [MODEL] }]));
  return { source, out };
}

test("writes the file with --yes, after telling what changes", async () => {
  const { source, out } = createFiles();
  const { code, stdout } = await run("refresh", source, "--out", out, "--yes");
  expect(code).toBe(0);
  expect(stdout).toContain("+ acme m\n");
  expect(stdout).toContain(`${out} is written\n`);
  expect(existsSync(out)).toBe(true);
});

test("writes nothing where nobody can be asked", async () => {
  const { source, out } = createFiles();
  const { code, stderr } = await run("refresh", source, "--out", out);
  expect({ code, written: existsSync(out) }).toEqual({ code: 1, written: false });
  expect(stderr).toContain("add --yes");
});

test.each([
  [[]],
  [["refresh", "a"]],
  [["agree"]],
  [["refresh", "a", "b", "--out", "c"]],
  [["--no"]],
])("called with %j says how it is called", async (args) => {
  expect(await run(...args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("usage: pnpm prices refresh SOURCE --out FILE"),
  });
});

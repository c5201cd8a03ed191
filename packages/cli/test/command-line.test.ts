import { expect, test } from "vitest";
import { runTollgate, type Terminal } from "../src/index.ts";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}

async function run(args: readonly string[], more: Partial<Terminal> = {}): Promise<Run> {
  let [out, told] = ["", ""];
  const code = await runTollgate(args, {
    out: (text) => void (out += text),
    tell: (text) => void (told += text),
    bold: (text) => text,
    columns: 60,
    hasColours: false,
    env: {},
    cwd: "/",
    ...more,
  });
  return { code, out, told };
}

const HELPS: readonly (readonly string[])[] = [
  ["--help"],
  ["serve", "--help"],
  ["token", "--help"],
  ["token", "create", "--help"],
  ["token", "list", "--help"],
  ["token", "revoke", "--help"],
  ["mcp", "--help"],
];

test.each(HELPS)("help fits in 60 columns: %s %s", async (...args) => {
  const { code, out } = await run(args);
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: tollgate /);
  expect(out.split("\n").filter((line) => line.length > 60)).toEqual([]);
});

test("the version is that of the package", async () => {
  expect(await run(["--version"])).toMatchObject({ code: 0, out: "0.0.0\n" });
});

test("without a command there is help, and the exit code of a mistake", async () => {
  const { code, told } = await run([]);
  expect(code).toBe(2);
  expect(told).toContain("Usage: tollgate");
});

test.each([
  [["sevre"], "unknown command 'sevre'", "serve"],
  [["serve", "--prot", "1"], "unknown option '--prot'", "--port"],
  [["token", "craete"], "unknown command 'craete'", "create"],
])("%j is a mistake, and the nearest name is told", async (args, what, nearest) => {
  const { code, out, told } = await run(args);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(told).toBe(`tollgate: ${what}\n(Did you mean ${nearest}?)\n`);
});

test.each([
  [["serve", "--port", "65536"], /Write a port from 0 to 65535/],
  [["serve", "extra"], /too many arguments/],
  [["token", "create"], /required option '--scope <scopes>'/],
  [["token", "create", "--scope", "write"], /Write some of ingest, read, admin/],
  [["token", "revoke"], /missing required argument 'id'/],
  [["mcp", "--url", "localhost:4318"], /Write where a collector is/],
])("%j is a mistake, and says what to write", async (args, message) => {
  const { code, told } = await run(args);
  expect(code).toBe(2);
  expect(told).toMatch(message);
});

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

test("colours are for those who see them", async () => {
  expect((await run(["--help"], { hasColours: true, bold })).out).toContain("\u001b[1mUsage:");
  expect((await run(["--help"], { bold })).out).not.toContain("\u001b");
});

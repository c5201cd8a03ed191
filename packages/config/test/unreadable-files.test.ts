import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../src/index.ts";
import { load, makeFolder, refusalOf } from "./load.ts";

test("a file that TOLLGATE_CONFIG names must be there", () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, "tollgate.yaml"), "project: a");
  expect(refusalOf(() => loadConfig({ cwd, env: { TOLLGATE_CONFIG: "nope.yaml" } }))).toEqual({
    code: "TOLLGATE_CONFIG_UNREADABLE",
    problems: ["nope.yaml  cannot be read: there is no such file (TOLLGATE_CONFIG names it)"],
  });
});

test("a directory is not a file", () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, "tollgate.yaml"));
  expect(refusalOf(() => loadConfig({ cwd, env: {} }))).toEqual({
    code: "TOLLGATE_CONFIG_UNREADABLE",
    problems: ["tollgate.yaml  cannot be read: this is a directory; name the file in it"],
  });
});

test("a part of the path that is a file is said", () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, "file"), "");
  const { problems } = refusalOf(() => loadConfig({ cwd, env: { TOLLGATE_CONFIG: "file/x" } }));
  expect(problems[0]).toContain("a part of its path is a file");
});

test("symbolic links in a circle are said", () => {
  const cwd = makeFolder();
  symlinkSync("circle.yaml", join(cwd, "circle.yaml"));
  const { problems } = refusalOf(() =>
    loadConfig({ cwd, env: { TOLLGATE_CONFIG: "circle.yaml" } }),
  );
  expect(problems[0]).toContain("go round in a circle");
});

test("a file outside of the working directory is shown with its whole path", () => {
  const cwd = makeFolder();
  const { problems } = refusalOf(() =>
    loadConfig({ cwd, env: { TOLLGATE_CONFIG: "/nowhere/t.yaml" } }),
  );
  expect(problems[0]).toMatch(/^\/nowhere\/t\.yaml {2}cannot be read/);
});

test("problems of the environment are listed with an unreadable file", () => {
  const env = { TOLLGATE_CONFIG: "nope.yaml", TOLLGATE_PROJET: "a" };
  const { code, problems } = refusalOf(() => loadConfig({ cwd: makeFolder(), env }));
  expect(code).toBe("TOLLGATE_CONFIG_UNREADABLE");
  expect(problems).toHaveLength(2);
});

test("text that is not UTF-8 is refused with its line", () => {
  const latin1 = Buffer.from("organization: acme\nproject: caf\xe9\n", "latin1");
  expect(refusalOf(() => load(latin1))).toEqual({
    code: "TOLLGATE_CONFIG_INVALID",
    problems: ["tollgate.yaml:2:1  has a byte that is not UTF-8; save it as UTF-8"],
  });
});

test("UTF-16 is refused by its name", () => {
  const utf16 = Buffer.from("\uFEFFproject: a\n", "utf16le");
  expect(refusalOf(() => load(utf16)).problems).toEqual([
    "tollgate.yaml  is UTF-16; save it as UTF-8",
  ]);
});

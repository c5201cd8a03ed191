import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { SERVERS } from "@tollgate/testkit/vitest";
import { examples, filesIn, ownPackage, packages, publicPackages, readText } from "./workspace.ts";

const MAX_LINES = 300;

const tsconfigSchema = z.looseObject({ references: z.array(z.object({ path: z.string() })) });

function references(tsconfig: string): readonly string[] {
  const { references: list } = tsconfigSchema.parse(JSON.parse(readText(tsconfig)));
  return list.map(({ path }) => path).toSorted();
}

test("tsconfig.json refers to every package, every example and the tests", () => {
  const folders = [...packages, ...examples].map(({ folder }) => folder);
  expect(references("tsconfig.json")).toEqual([...folders, "test"].toSorted());
});

test.each(packages)("tsconfig of $name refers to the packages it depends on", (each) => {
  const { dependencies, devDependencies } = each.manifest;
  const own = Object.keys({ ...dependencies, ...devDependencies }).flatMap(
    (dependency) => ownPackage(dependency) ?? [],
  );
  expect(references(`${each.folder}/tsconfig.json`)).toEqual(
    own.map((name) => relative(each.folder, join("packages", name))).toSorted(),
  );
});

test.each(packages)(`$name has no file above ${MAX_LINES} lines`, ({ folder }) => {
  const long = filesIn(`${folder}/src`).filter(
    (file) => readText(file).trimEnd().split("\n").length > MAX_LINES,
  );
  expect(long).toEqual([]);
});

describe.each(publicPackages)("package.json of $name", ({ name, folder, manifest }) => {
  test("says what npm shows and what Node needs", () => {
    expect(manifest).toMatchObject({
      name: `@tollgate/${name}`,
      version: packages[0]?.manifest.version,
      description: expect.stringMatching(/^.{20,100}$/),
      license: "Apache-2.0",
      repository: { type: "git", directory: folder },
      files: expect.arrayContaining(["dist"]),
      type: "module",
      sideEffects: expect.anything(),
      engines: { node: ">=22.15" },
      scripts: { build: "tsdown" },
    });
  });

  test("exports a source, declarations and a module for every entry", () => {
    const { "./package.json": self, ...entries } = manifest.exports;
    expect(self).toBe("./package.json");
    const sources = filesIn(`${folder}/src`);
    const broken = Object.entries(entries).filter(
      ([, target]) =>
        typeof target === "string" ||
        !sources.includes(target.source.replace("./", `${folder}/`)) ||
        target.types !== target.default.replace(/\.mjs$/, ".d.mts"),
    );
    expect(Object.keys(entries)).toContain(".");
    expect(broken).toEqual([]);
  });
});

test.each(Object.entries(SERVERS))(".ci/run installs %s", (_name, { debianPackage }) => {
  expect(readText(".ci/run")).toMatch(new RegExp(`^packages=.*\\b${debianPackage}\\b`, "m"));
});

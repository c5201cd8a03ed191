import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILD_FILES, mayImport } from "./floors.ts";
import { readSource } from "./source-file.ts";
import {
  dependencyName,
  examples,
  filesIn,
  ownPackage,
  packages,
  readText,
  type WorkspacePackage,
} from "./workspace.ts";

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsOf(files: readonly string[]): readonly Import[] {
  return files.flatMap((file) =>
    readSource(file, readText(file)).imports.map((specifier) => ({ file, specifier })),
  );
}

const isRelative = ({ specifier }: Import): boolean => specifier.startsWith(".");
const isBuiltIn = ({ specifier }: Import): boolean => specifier.startsWith("node:");

const publicEntries: ReadonlySet<string> = new Set(
  packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports).map((entry) => join(manifest.name, entry)),
  ),
);

/** Relative imports that leave a folder. */
function leaving(folder: string, imports: readonly Import[]): readonly Import[] {
  return imports.filter(
    (each) =>
      isRelative(each) && !join(dirname(each.file), each.specifier).startsWith(`${folder}/`),
  );
}

/** Imports of our packages past what their `exports` offer. */
function deep(imports: readonly Import[]): readonly Import[] {
  return imports.filter(
    ({ specifier }) => ownPackage(specifier) !== undefined && !publicEntries.has(specifier),
  );
}

describe.each(packages)("src of $name", ({ name, folder, manifest }: WorkspacePackage) => {
  const imports = importsOf(filesIn(`${folder}/src`));

  test("imports packages of lower floors only", () => {
    const upward = imports.filter(({ specifier }) => {
      const own = ownPackage(specifier);
      return own !== undefined && !mayImport(name, own);
    });
    expect(upward).toEqual([]);
  });

  test("imports what its package.json declares, built-ins with node: before their name", () => {
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    const undeclared = imports.filter(
      (each) =>
        !isRelative(each) &&
        !isBuiltIn(each) &&
        !BUILD_FILES.includes(each.file) &&
        !(dependencyName(each.specifier) in declared),
    );
    expect(undeclared).toEqual([]);
  });

  test("stays in its folder and takes public entries only", () => {
    expect([...leaving(`${folder}/src`, imports), ...deep(imports)]).toEqual([]);
  });
});

test.each(packages)("tests of $name stay in their package", ({ folder }) => {
  const imports = importsOf(filesIn(`${folder}/test`));
  expect([...leaving(folder, imports), ...deep(imports)]).toEqual([]);
});

test.each([...examples.map(({ folder }) => folder), "test"])(
  "%s takes public entries of packages only",
  (folder) => {
    const imports = importsOf(filesIn(folder));
    expect([...leaving(folder, imports), ...deep(imports)]).toEqual([]);
  },
);

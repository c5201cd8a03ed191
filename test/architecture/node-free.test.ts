import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { NODE_FREE_DEPENDENCIES, NODE_FREE_ENTRIES, NODE_FREE_EXCEPTIONS } from "./floors.ts";
import { readSource } from "./source-file.ts";
import { dependencyName, ownPackage, readText } from "./workspace.ts";

/** What a file uses of Node by itself, in words. */
function nodeUses(file: string): readonly string[] {
  const { imports, nodeGlobals, computedImports } = readSource(file, readText(file));
  const foreign = imports.filter(
    (specifier) =>
      !specifier.startsWith(".") &&
      ownPackage(specifier) === undefined &&
      !NODE_FREE_DEPENDENCIES.includes(dependencyName(specifier)),
  );
  return [
    ...foreign.map((specifier) => `${file} imports ${specifier}`),
    ...nodeGlobals.map((name) => `${file} uses ${name}`),
    ...(computedImports > 0 ? [`${file} imports what nobody can see`] : []),
  ];
}

/** A file and all that it loads of its own package. */
function closure(entry: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const specifier of readSource(entry, readText(entry)).imports) {
    if (specifier.startsWith(".")) closure(join(dirname(entry), specifier), seen);
  }
  return seen;
}

test.each(NODE_FREE_ENTRIES)("%s and all that it loads run without Node", (entry) => {
  const files = [...closure(`packages/${entry}`)].filter(
    (file) => !NODE_FREE_EXCEPTIONS.some((exception) => file === `packages/${exception}`),
  );
  expect(files.flatMap(nodeUses)).toEqual([]);
});

test.each(NODE_FREE_EXCEPTIONS)("%s uses AsyncLocalStorage and nothing else of Node", (file) => {
  expect(nodeUses(`packages/${file}`)).toEqual([`packages/${file} imports node:async_hooks`]);
});

import { expect, test } from "vitest";
import { FLOORS, floorOf, mayImport, SIDE } from "./floors.ts";
import { ownPackage, packages, readText } from "./workspace.ts";

test.each(packages)("$name has a floor", ({ name }) => {
  expect(name in SIDE || floorOf(name) !== undefined).toBe(true);
});

test("AGENTS.md shows the floors that are tested here", () => {
  const rows = [...readText("AGENTS.md").matchAll(/^\| (\d+) +\| (.*?) *\|$/gm)].map(
    ([, floor, text]) => ({
      floor: Number(floor),
      // The names stand before each colon or bracket; code in an explanation is no name.
      names: (text ?? "")
        .replaceAll(/\([^)]*\)/g, "")
        .replace(/:.*$/, "")
        .split(",")
        .map((name) => name.trim().replaceAll("`", ""))
        .toSorted(),
    }),
  );
  expect(rows).toEqual(FLOORS.map((names, floor) => ({ floor, names: names.toSorted() })));
});

test.each(packages)("$name declares dependencies on lower floors only", ({ name, manifest }) => {
  const shipped = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  });
  const forTests = Object.keys(manifest.devDependencies).filter(
    (dependency) => dependency !== "@tollgate/testkit",
  );
  const upward = [...shipped, ...forTests].filter((dependency) => {
    const own = ownPackage(dependency);
    return own !== undefined && !mayImport(name, own);
  });
  expect(upward).toEqual([]);
});

test.each(packages)("$name pins its dependencies", ({ manifest }) => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([dependency, version]) =>
      ownPackage(dependency) === undefined
        ? version !== "catalog:" && !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version)
        : version !== "workspace:^",
  );
  expect(loose).toEqual([]);
});

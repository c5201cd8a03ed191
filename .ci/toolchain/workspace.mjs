import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Where the toolchain keeps its lock and what it did last. pnpm leaves hidden folders of others
 * alone when it renews node_modules, and whoever deletes node_modules means this as well.
 */
export const stateDirectory = join(root, "node_modules", ".tollgate");

/** Folders with a package.json below `parent`, as paths from the root. */
function packagesIn(parent) {
  const path = join(root, parent);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .toSorted()
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
}

/** Packages that are built before anything runs. */
export const builtPackages = () =>
  packagesIn("packages").filter((folder) => existsSync(join(root, folder, "tsdown.config.ts")));

/** Every package that pnpm-workspace.yaml names, the root apart. */
export const workspacePackages = () => [
  ...packagesIn("packages"),
  ...packagesIn("examples"),
  ...(existsSync(join(root, "test/package.json")) ? ["test"] : []),
];

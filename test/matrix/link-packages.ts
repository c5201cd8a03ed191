import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "./clients.ts";
import { installedPath, packageOf, readManifest } from "./installed.ts";

/** What an app writes to load something of its own folder. */
const LOADER = "export default (name) => import(name);\n";

/**
 * Gives an app's folder the client's packages under the names that they were published under, as an app
 * has them: hooks go by name, and several versions of a package are here under names of ours.
 *
 * @returns what the app is to load, in the client's order
 */
export async function linkPackages({ packages }: Client, folder: string): Promise<string[]> {
  await writeFile(join(folder, "load.mjs"), LOADER);
  const specifiers: string[] = [];
  const links = new Map<string, string>();
  for (const specifier of packages) {
    const alias = packageOf(specifier);
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files
    const { name } = await readManifest(alias);
    specifiers.push(`${name}${specifier.slice(alias.length)}`);
    links.set(join(folder, "node_modules", name), installedPath(alias));
  }
  await Promise.all(
    [...links].map(async ([link, target]) => {
      await mkdir(dirname(link), { recursive: true });
      await symlink(target, link);
    }),
  );
  return specifiers;
}

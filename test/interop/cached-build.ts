import { createHash } from "node:crypto";
import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const CACHE = join(import.meta.dirname, "../../node_modules/.cache/tollgate-interop");

/** Something that was made from what registries gave, or why it could not be. */
export type Made = { readonly folder: string } | { readonly unreachable: string };

/**
 * A folder that is made once for all runs with the same content.
 *
 * @param make - fills the folder; @returns what went wrong.
 */
export async function cachedBuild(
  name: string,
  content: string,
  make: (folder: string) => Promise<string | undefined>,
): Promise<Made> {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const folder = join(CACHE, `${name}-${hash}`);
  const marker = join(folder, "complete");
  if (await isThere(marker)) return { folder };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const problem = await make(folder);
  if (problem !== undefined) {
    await rm(folder, { recursive: true, force: true });
    return { unreachable: problem };
  }
  await writeFile(marker, "");
  return { folder };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

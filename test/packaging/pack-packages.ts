import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";

const root = dirname(dirname(import.meta.dirname));

/** Writes the tarball of every package that is not private into a folder, as `pnpm publish` would. */
export async function packPackages(folder: string): Promise<void> {
  await promisify(execFile)(
    "npx",
    ["-y", "pnpm@12.21.0", "-r", "--filter", "./packages/*", "pack", "--pack-destination", folder],
    { cwd: root },
  );
}

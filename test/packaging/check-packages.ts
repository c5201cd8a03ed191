/**
 * `pnpm check:packages`: packs every public package as it would be published and lets publint and
 * "are the types wrong" look at the tarballs. Needs a build.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackages } from "./pack-packages.ts";
import { packagingProblems } from "./packaging-problems.ts";

const folder = await mkdtemp(join(tmpdir(), "tollgate-pack-"));
try {
  await packPackages(folder);
  const tarballs = (await readdir(folder)).toSorted();
  let count = 0;
  for (const name of tarballs) {
    const problems = await packagingProblems(await readFile(join(folder, name)));
    count += problems.length;
    for (const problem of problems) process.stdout.write(`${name}: ${problem}\n`);
  }
  process.stdout.write(`${tarballs.length} packages checked, ${count} problems\n`);
  process.exitCode = count === 0 && tarballs.length > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

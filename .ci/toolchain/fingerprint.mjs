import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, stateDirectory } from "./workspace.mjs";

/** Files below a folder of the repository, sorted; none when there is no such folder. */
function filesIn(folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
}

function contentOf(file) {
  try {
    return readFileSync(join(root, file));
  } catch {
    return "(none)";
  }
}

/** A hash of names and contents; folders count with all files in them. */
export function fingerprint({ files = [], folders = [] }) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of [...files, ...folders.flatMap(filesIn)]) {
    const content = contentOf(file);
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** A hash of names, sizes and times: cheap, and enough to see that someone else wrote the files. */
export function outputFingerprint(folder) {
  const hash = createHash("sha256");
  for (const file of filesIn(folder)) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

const stampFile = (name) => join(stateDirectory, "stamps", name);

/** Whether `stamp` is what was remembered under `name`. */
export function isStamped(name, stamp) {
  try {
    return readFileSync(stampFile(name), "utf8") === stamp;
  } catch {
    return false;
  }
}

export function writeStamp(name, stamp) {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), stamp);
}

import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const DEFAULT_FILES: readonly string[] = ["tollgate.yaml", "tollgate.yml"];

/** A file that is to be read. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** As it is shown: relative to the working directory where it lies below it. */
  readonly shown: string;
  /** Whether someone asked for this file, so that its absence is a mistake. */
  readonly explicit: boolean;
}

export function foundFile(cwd: string, file: string, explicit: boolean): FoundFile {
  const path = resolve(cwd, file);
  const fromCwd = relative(cwd, path);
  return { path, shown: fromCwd.startsWith("..") ? path : fromCwd || path, explicit };
}

/**
 * The file that `TOLLGATE_CONFIG` names, else `tollgate.yaml` or `tollgate.yml` in the working
 * directory, in this order. Folders above are not searched: whose budget holds must not depend on
 * where a checkout lies.
 */
export function findFile(cwd: string, asked: string | undefined): FoundFile | undefined {
  if (asked !== undefined) return foundFile(cwd, asked, true);
  const name = DEFAULT_FILES.find((each) => existsSync(join(cwd, each)));
  return name === undefined ? undefined : foundFile(cwd, name, false);
}

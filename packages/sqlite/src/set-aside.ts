import { renameSync, statSync } from "node:fs";
import { TollgateError } from "@tollgate/core";
import type { FileKind } from "./file-kind.ts";

/** Which file a path meant at a time; `undefined` when there was none. */
export function fileIdentity(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * Renames a file that cannot be read as what it should be, with what SQLite keeps beside it, so that nothing of it is
 * lost and the next start begins anew.
 *
 * @param identity - of the file that was found corrupt: another process may have renamed it already and begun
 *   a new one.
 * @returns what to throw.
 */
export function setAside(
  kind: FileKind,
  path: string,
  identity: number | undefined,
  cause: unknown,
): TollgateError {
  const aside = `${path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const why = cause instanceof Error ? cause.message : String(cause);
  const begin = `The ${kind.name} ${path} is corrupt (${why})`;
  const ending = kind.whenLost;
  if (fileIdentity(path) !== identity) {
    return corrupt(`${begin}. Another process has set it aside beside it. ${ending}`, cause);
  }
  try {
    for (const suffix of ["-wal", "-shm", ""]) rename(path + suffix, aside + suffix);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return corrupt(`${begin} and cannot be set aside (${said}). Move it away by hand.`, cause);
  }
  return corrupt(`${begin} and was set aside as ${aside}. ${ending}`, cause);
}

function rename(from: string, to: string): void {
  if (fileIdentity(from) !== undefined) renameSync(from, to);
}

function corrupt(message: string, cause: unknown): TollgateError {
  return new TollgateError("TOLLGATE_STORE_CORRUPT", message, { cause });
}

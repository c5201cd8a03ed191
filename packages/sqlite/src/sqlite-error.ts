import { TollgateError } from "@tollgate/core";
import type { FileKind } from "./file-kind.ts";

/** Primary result codes: https://sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  [BUSY]: "another process keeps it locked; end what has it open",
  [READONLY]: "it cannot be written; make the file and its folder writable for this process",
  [IOERR]: "its disk fails to read or write; look at the disk, or use another path",
  [FULL]: "its disk is full; make room, or use a path on another disk",
  [CANTOPEN]: "it cannot be opened; make the file and its folder readable and writable",
};

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/** Another connection is at work; nothing was done. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/** What is in the file makes no sense. */
export function isCorrupt(error: unknown): boolean {
  const code = primaryCode(error);
  return code === CORRUPT || code === NOTADB;
}

/** Says which file is out of order, why, and what to do about it. */
export function toFileError(kind: FileKind, path: string, error: unknown): TollgateError {
  if (error instanceof TollgateError) return error;
  const code = primaryCode(error);
  const said = error instanceof Error ? error.message : String(error);
  const advice = code === undefined ? undefined : WHAT_TO_DO[code];
  return unavailable(
    kind,
    path,
    advice === undefined ? said : `${advice} (SQLite: ${said})`,
    error,
  );
}

export function unavailable(
  kind: FileKind,
  path: string,
  why: string,
  cause?: unknown,
): TollgateError {
  const message = `The ${kind.name} ${path} does not work: ${why}`;
  return new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message, { cause });
}

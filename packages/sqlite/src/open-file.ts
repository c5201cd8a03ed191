import { accessSync, constants, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TollgateError } from "@tollgate/core";
import type { FileKind } from "./file-kind.ts";
import { numberIn, textIn } from "./read-row.ts";
import { fileIdentity, setAside } from "./set-aside.ts";
import { isBusy, isCorrupt, toFileError, unavailable } from "./sqlite-error.ts";

/** How long an opening process waits for others that open the file too. It has no calls to delay yet. */
const OPEN_LIMIT_MS = 5_000;
/** Larger files are not read through before they are used. */
const CHECKED_PAGES = 2_000;

/**
 * Opens a file of a kind: write-ahead log, every commit on the disk before it counts, tables up to date.
 *
 * @throws TollgateError `TOLLGATE_STORE_CORRUPT` when it cannot be read; it has been set aside then.
 *   `TOLLGATE_STORE_UNAVAILABLE` when it cannot be used.
 */
export function openSqliteFile(kind: FileKind, path: string): DatabaseSync {
  checkPlace(kind, path);
  const identity = fileIdentity(path);
  let db: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path);
    db = opened;
    insist(() => prepare(opened, kind, path));
    return opened;
  } catch (error) {
    closeQuietly(db);
    if (isCorrupt(error)) throw setAside(kind, path, identity ?? fileIdentity(path), error);
    throw toFileError(kind, path, error);
  }
}

/** @throws TollgateError when no file can be there. */
function checkPlace(kind: FileKind, path: string): void {
  if (path === "" || path === ":memory:" || path.startsWith("file:")) {
    throw unavailable(
      kind,
      JSON.stringify(path),
      `it is no path of a file; write one such as ${kind.examplePath}`,
    );
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const name = basename(kind.examplePath);
    throw unavailable(kind, path, `it is a folder; name a file in it, such as ${name}`);
  }
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw unavailable(
      kind,
      path,
      `its folder ${folder} is not there; make it, or name another one`,
    );
  }
  for (const each of found === undefined ? [folder] : [folder, path]) {
    try {
      accessSync(each, constants.R_OK | constants.W_OK);
    } catch (error) {
      const what = "make the file and its folder writable for this process, or use another path";
      throw unavailable(kind, path, `${each} cannot be written; ${what}`, error);
    }
  }
}

function prepare(db: DatabaseSync, kind: FileKind, path: string): void {
  const version = pragma(db, "user_version");
  if (version === 0) refuseForeign(db, kind, path);
  else if (pragma(db, "application_id") !== kind.applicationId) throw foreign(kind, path);
  if (version > kind.migrations.length) {
    const what = `update ${kind.packageName} in this process, or use another path`;
    throw unavailable(kind, path, `a newer version wrote it (format ${version}); ${what}`);
  }
  const mode = textIn(db.prepare("PRAGMA journal_mode = WAL").get() ?? {}, "journal_mode");
  if (mode !== "wal") {
    throw unavailable(
      kind,
      path,
      "its file system has no shared memory; use a disk of this machine",
    );
  }
  db.exec("PRAGMA synchronous = FULL");
  if (version < kind.migrations.length) migrate(db, kind);
  checkIntegrity(db);
}

function refuseForeign(db: DatabaseSync, kind: FileKind, path: string): void {
  const table = db.prepare("SELECT name FROM sqlite_schema LIMIT 1").get();
  // Another process may just be making the tables.
  if (table !== undefined && pragma(db, "application_id") !== kind.applicationId)
    throw foreign(kind, path);
}

function foreign(kind: FileKind, path: string): TollgateError {
  return unavailable(
    kind,
    path,
    "it is the database of another application; use a path of its own",
  );
}

function migrate(db: DatabaseSync, kind: FileKind): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const step of kind.migrations.slice(pragma(db, "user_version"))) db.exec(step);
    db.exec(`PRAGMA application_id = ${kind.applicationId}`);
    db.exec(`PRAGMA user_version = ${kind.migrations.length}`);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** Damage in a file of a usual size is found before its figures are believed. */
function checkIntegrity(db: DatabaseSync): void {
  if (pragma(db, "page_count") > CHECKED_PAGES) {
    for (const row of db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
      db.prepare(`SELECT 1 FROM "${textIn(row, "name")}" LIMIT 1`).get();
    }
    return;
  }
  const found = db.prepare("PRAGMA quick_check(1)").get() ?? {};
  const said = textIn(found, "quick_check");
  if (said !== "ok") throw Object.assign(new Error(said), { errcode: 11 });
}

function pragma(db: DatabaseSync, name: string): number {
  return numberIn(db.prepare(`PRAGMA ${name}`).get() ?? {}, name);
}

/** Tries again while other processes make the file. SQLite does not wait by itself for a change of the journal. */
function insist(run: () => void): void {
  const until = performance.now() + OPEN_LIMIT_MS;
  for (;;) {
    try {
      return run();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20);
    }
  }
}

function closeQuietly(db: DatabaseSync | undefined): void {
  try {
    db?.close();
  } catch {
    // It was never open.
  }
}

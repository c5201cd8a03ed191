import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TollgateError } from "@tollgate/core";
import type { AccessScope } from "./caller.ts";
import { createToken, type Token } from "./token.ts";
import { readTokenFile, writeTokenFile, type TokenEntry } from "./token-file.ts";

export interface TokenWish {
  readonly scopes: readonly AccessScope[];
  /** @defaultValue all organisations */
  readonly organization?: string | undefined;
  /** Whose it is, for people. */
  readonly note?: string | undefined;
}

const LOCK_WAIT_MS = 5_000;

/** Adds a token to a file, which is made when it is not there. @returns the token, which nobody can tell again. */
export function addToken(path: string, wish: TokenWish, nowMs: number): Token {
  const token = createToken();
  const { id, hash } = token;
  edit(path, (tokens) => [...tokens, { id, hash, ...wish, createdMs: nowMs }]);
  return token;
}

/** Takes a token out of a file. @returns false when it has none of that id. */
export function revokeToken(path: string, id: string): boolean {
  let found = false;
  edit(path, (tokens) => {
    const rest = tokens.filter((token) => token.id !== id);
    found = rest.length < tokens.length;
    return found ? rest : tokens;
  });
  return found;
}

/** One at a time: who reads and then writes must not undo what another wrote in between. */
function edit(
  path: string,
  change: (tokens: readonly TokenEntry[]) => readonly TokenEntry[],
): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unlock = lock(`${path}.lock`);
  try {
    const tokens = readTokenFile(path);
    const changed = change(tokens);
    if (changed !== tokens) writeTokenFile(path, changed);
  } finally {
    unlock();
  }
}

/** SQLite's lock of an empty file: the system gives it back when its owner dies. @returns gives it back. */
function lock(path: string): () => void {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
    db.exec("BEGIN EXCLUSIVE");
    return () => db?.close();
  } catch (error) {
    db?.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new TollgateError(
      "TOLLGATE_STORE_UNAVAILABLE",
      `the tokens cannot be changed: ${path} cannot be locked (${why}); try again, or look who holds it`,
      { cause: error },
    );
  }
}

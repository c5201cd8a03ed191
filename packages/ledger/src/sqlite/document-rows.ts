import type { DatabaseSync } from "node:sqlite";
import type { DocumentChange } from "../ledger.ts";

/** Documents, within a transaction of several operations. */
export interface DocumentRows {
  /** Writes all or, when one has been changed in between, none. @returns whether they are written */
  put(changes: readonly DocumentChange[], nowMs: number): boolean;
}

export function createDocumentRows(db: DatabaseSync): DocumentRows {
  const versionOf = db.prepare("SELECT version FROM document WHERE key = ?");
  const write = db.prepare(
    `INSERT INTO document (key, value, version, updated_ms) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value, version = excluded.version, updated_ms = excluded.updated_ms`,
  );
  function isOther({ key, ifVersion }: DocumentChange): boolean {
    return (versionOf.get(key)?.["version"] ?? 0) !== ifVersion;
  }

  return {
    put(changes, nowMs) {
      // Other operations share the transaction: it cannot be rolled back for one of them.
      if (changes.some(isOther)) return false;
      for (const { key, value, ifVersion } of changes) {
        write.run(key, JSON.stringify(value ?? null), ifVersion + 1, nowMs);
      }
      return true;
    },
  };
}

import type { CompiledQuery, Kysely } from "kysely";
import type { DocumentChange } from "../ledger.ts";
import type { Tables } from "../schema/tables.ts";

/** A statement that gives the key back when the document was written. */
type WriteStatement = { compile(): CompiledQuery<{ key: string }> };

/** Nothing is written of a change whose document is not as it was: its statement gives nothing back. */
export function writeDocument(
  build: Kysely<Tables>,
  { key, value, ifVersion }: DocumentChange,
  nowMs: number,
): WriteStatement {
  const written = {
    value: JSON.stringify(value ?? null),
    version: ifVersion + 1,
    updated_ms: nowMs,
  };
  if (ifVersion === 0) {
    return build
      .insertInto("document")
      .values({ key, ...written })
      .onConflict((conflict) => conflict.doNothing())
      .returning("key");
  }
  return build
    .updateTable("document")
    .set(written)
    .where("key", "=", key)
    .where("version", "=", ifVersion)
    .returning("key");
}

/** Two who write the same documents wait for each other in one order, and never each for the other. */
export function inOneOrder(changes: readonly DocumentChange[]): readonly DocumentChange[] {
  return changes.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

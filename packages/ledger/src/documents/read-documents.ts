import type { StoredDocument } from "../ledger.ts";
import type { Reads } from "../query/reads.ts";

const READ_AT_ONCE = 500;

export async function readDocuments(
  { build, rows }: Reads,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StoredDocument>> {
  const documents = new Map<string, StoredDocument>();
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    const some = keys.slice(start, start + READ_AT_ONCE);
    // oxlint-disable-next-line no-await-in-loop -- one statement takes so many
    const found = await rows(
      build.selectFrom("document").select(["key", "value", "version"]).where("key", "in", some),
    );
    for (const { key, value, version } of found) {
      documents.set(key, { value: JSON.parse(value), version });
    }
  }
  return documents;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A path in a new folder that is removed after the test. */
export function ledgerPath(name = "ledger.db"): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

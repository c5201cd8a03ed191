import type { LoadedConfig } from "../config-file.ts";

/** What counts at once when a file is edited. */
const LIVE = ["budgets", "guards", "alerts", "pricing"] as const;
/** What counts from the next start on. */
const AT_START = [
  "attribution",
  "endpoints",
  "aggregates",
  "store",
  "ledger",
  "collector",
  "metrics",
  "spans",
  "captureContent",
] as const;

/** The keys of `tollgate.yaml` in which two configurations differ, and that count at once. */
export function liveChanges(before: LoadedConfig, after: LoadedConfig): readonly string[] {
  return LIVE.filter((key) => isOther(before[key], after[key]));
}

/** The keys in which two configurations differ, and that need a restart. */
export function changesAtStart(before: LoadedConfig, after: LoadedConfig): readonly string[] {
  const changed: string[] = AT_START.filter((key) => isOther(before[key], after[key]));
  if (before.pricing.onUnpriced !== after.pricing.onUnpriced) changed.push("pricing.onUnpriced");
  return changed;
}

function isOther(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

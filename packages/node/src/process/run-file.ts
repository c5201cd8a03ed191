import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diag } from "@opentelemetry/api";

/** What a file under `TOLLGATE_RUN_DIR` says of a running process. */
export interface RunFile {
  readonly pid: number;
  readonly serviceName: string;
  readonly metricsUrl: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/**
 * Writes `<directory>/<pid>.json`, whole or not at all, and takes it away when the process exits, so
 * that a scraper's file discovery, or a person, finds each process's `/metrics`.
 */
export function writeRunFile(directory: string, content: RunFile): void {
  const path = join(directory, `${content.pid}.json`);
  try {
    mkdirSync(directory, { recursive: true });
    const draft = `${path}.draft`;
    writeFileSync(draft, `${JSON.stringify(content)}\n`);
    renameSync(draft, path);
  } catch (error) {
    diag.error(`tollgate: cannot write ${path}`, error);
    return;
  }
  process.once("exit", () => rmSync(path, { force: true }));
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cell } from "./clients.ts";
import { runApp, type AppRun } from "./run-app.ts";

/** The same app in two processes, and nothing else between them. */
export interface CellRuns {
  readonly plain: AppRun;
  readonly metered: AppRun;
}

/** @param only - which scenarios to run; all when left out. */
export async function runCell(cell: Cell, only?: RegExp): Promise<CellRuns> {
  const run = async (metered: boolean): Promise<AppRun> => {
    const folder = await mkdtemp(join(tmpdir(), "tollgate-matrix-"));
    try {
      return await runApp(cell, { metered, only, folder });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const [plain, metered] = await Promise.all([run(false), run(true)]);
  return { plain, metered };
}

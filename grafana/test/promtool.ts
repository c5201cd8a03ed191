import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Tool = "promtool" | "amtool";

/** What a tool said, and whether it was content. */
export interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a tool on files in a folder of their own. */
export async function runTool(
  tool: Tool,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-rules-"));
  try {
    await Promise.all(
      Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    );
    return await new Promise((resolve) => {
      execFile(tool, [...args], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ ok: error === null, output: error === null ? stdout : stdout + stderr }),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findServer } from "@tollgate/testkit";
import { describe } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: what it was skipped for; the end of `npm test` names it. */
    missingServers?: readonly { readonly server: string; readonly debianPackage: string }[];
  }
}

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

/** A suite that needs a tool; skipped where it is not installed. */
export function describeWithTool(tool: Tool, name: string, fn: () => void): void {
  const isMissing = findServer(tool) === undefined;
  const meta = { missingServers: [{ server: tool, debianPackage: packageOf(tool) }] };
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, isMissing ? { skip: true, meta } : {}, fn);
}

function packageOf(tool: Tool): string {
  return tool === "promtool" ? "prometheus" : "prometheus-alertmanager";
}

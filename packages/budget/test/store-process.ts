import { join } from "node:path";
import { runNode, type NodeProcess } from "@tollgate/testkit";

/** Starts `sqlite-process.ts` on a file. */
export function startStoreProcess(
  path: string,
  job: string,
  options: Readonly<Record<string, number>> = {},
): NodeProcess {
  return runNode({
    script: join(import.meta.dirname, "sqlite-process.ts"),
    args: [path, job, JSON.stringify(options)],
    nodeArgs: ["--conditions=source"],
  });
}

/** Lets processes that are ready go at the same time. */
export async function goTogether(processes: readonly NodeProcess[]): Promise<void> {
  await Promise.all(processes.map((each) => each.untilStdout(/ready/)));
  for (const each of processes) each.write("go\n");
}

/** What a process has said in whole lines. */
export function linesOf(stdout: string): Record<string, unknown>[] {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const data: Record<string, unknown> = JSON.parse(line);
      return data;
    });
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RunOptions, Table, TableResult } from "./table.ts";

const SCRIPT = join(import.meta.dirname, "table-process.ts");

/** Runs a table in a new process: what was measured before changes nothing for it. */
export async function runTable({ name }: Table, { rounds }: RunOptions): Promise<TableResult> {
  const child = fork(SCRIPT, [name, String(rounds)], {
    execArgv: [...process.execArgv, "--expose-gc"],
    // Figures that JSON does not have, such as NaN, stay what they are.
    serialization: "advanced",
  });
  let result: TableResult | undefined;
  child.on("message", (message: TableResult) => {
    result = message;
  });
  const [code] = await once(child, "exit");
  if (code !== 0 || result === undefined) throw new Error(`table "${name}" failed (exit ${code})`);
  return result;
}

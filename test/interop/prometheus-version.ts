import { findServer } from "@tollgate/testkit";
import { runProgram } from "./run-program.ts";

/** Such as `2.42.0`; `undefined` when it is not installed. */
export async function prometheusVersion(): Promise<string | undefined> {
  const program = findServer("prometheus");
  if (program === undefined) return undefined;
  const { stdout, stderr } = await runProgram(program, ["--version"]);
  return /version (\d+\.\d+\.\d+)/.exec(`${stdout}${stderr}`)?.[1];
}

import { setTimeout as wait } from "node:timers/promises";
import { withAttribution } from "@tollgate/core";
import { describeError } from "./describe.mjs";

/**
 * Runs them one after the other and prints what each came to. Then the process stays until its stdin
 * is closed, so that the provider can say which connections the client has closed by itself.
 */
export async function runScenarios(scenarios) {
  const only = new RegExp(process.env.MATRIX_ONLY ?? "");
  for (const [name, run] of Object.entries(scenarios)) {
    if (!only.test(name)) continue;
    let result;
    try {
      result = await withAttribution({ task: name }, () => run(name));
    } catch (error) {
      result = { thrown: describeError(error) };
    }
    tell({ scenario: name, result });
    // Lets cancels reach the server before the next scenario starts.
    await wait(5);
  }
  tell({ finished: true });
  process.stdin.on("end", () => process.exit(0)).resume();
}

function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

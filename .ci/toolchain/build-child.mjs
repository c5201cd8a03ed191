/** Builds the packages named in the arguments. Runs on the toolchain's Node, as tsdown asks for. */
import { join } from "node:path";
import { build } from "tsdown";
import { root } from "./workspace.mjs";

for (const folder of process.argv.slice(2)) {
  const cwd = join(root, folder);
  try {
    await build({ cwd, config: join(cwd, "tsdown.config.ts"), logLevel: "warn" });
  } catch (error) {
    process.stderr.write(`${folder}: ${error.message}\n`);
    process.exitCode = 1;
  }
}

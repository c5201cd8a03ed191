import { delimiter, join } from "node:path";
import { runChild } from "./child.mjs";
import { root } from "./workspace.mjs";

const binDirectory = join(root, "node_modules", ".bin");
export const toolchainNode = join(binDirectory, "node");

/** The environment in which `node`, `vitest`, `tsc` ... are the ones of this repository. */
export const toolchainEnv = () => ({
  ...process.env,
  PATH: `${binDirectory}${delimiter}${process.env.PATH ?? ""}`,
});

/** Runs a script of the repository (TypeScript needs no build) with the toolchain's Node. */
export const runScript = (script, args) =>
  runChild(toolchainNode, [join(root, script), ...args], { cwd: root, env: toolchainEnv() });

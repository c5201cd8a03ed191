import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runChild } from "./child.mjs";
import { fingerprint, isStamped, outputFingerprint, writeStamp } from "./fingerprint.mjs";
import { Problem } from "./problem.mjs";
import { toolchainEnv, toolchainNode } from "./run-script.mjs";
import { builtPackages, root } from "./workspace.mjs";

const SHARED_INPUTS = ["pnpm-lock.yaml", "tsconfig.base.json", "tsdown.base.ts"];
const OWN_INPUTS = ["package.json", "tsconfig.json", "tsdown.config.ts"];
const buildChild = join(root, ".ci/toolchain/build-child.mjs");

/**
 * What a package's dist is made of. Not its dependencies: they stay outside of the bundle, and
 * declarations are made file by file.
 */
const inputs = (folder) =>
  fingerprint({
    files: [...SHARED_INPUTS, ...OWN_INPUTS.map((file) => `${folder}/${file}`)],
    folders: [`${folder}/src`],
  });

const stampName = (folder) => `build-${basename(folder)}`;
const stampOf = (folder, made) => `${made} ${outputFingerprint(`${folder}/dist`)}`;

/** Files that the package's `exports` promise. */
function promisedFiles(folder) {
  const { exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.values(exports ?? {})
    .flatMap((target) => (typeof target === "object" ? [target.types, target.default] : []))
    .filter((file) => file !== undefined);
}

const isFresh = (folder) =>
  isStamped(stampName(folder), stampOf(folder, inputs(folder))) &&
  promisedFiles(folder).every((file) => existsSync(join(root, folder, file)));

/** Packages whose dist is not what their sources would give. */
export const stalePackages = () => builtPackages().filter((folder) => !isFresh(folder));

/** Builds the packages that need it, all in one process. */
export async function buildStalePackages() {
  const stale = stalePackages();
  if (stale.length === 0) return;
  process.stderr.write(`Building ${stale.map((folder) => basename(folder)).join(", ")} …\n`);
  const made = stale.map((folder) => [folder, inputs(folder)]);
  const { code, signal, output } = await runChild(toolchainNode, [buildChild, ...stale], {
    cwd: root,
    env: toolchainEnv(),
    capture: true,
  });
  if (signal) throw new Problem("Interrupted while building.", { code, signal });
  if (code !== 0) throw new Problem(`${output.trim()}\n\nBuilding failed: the reason is above.`);
  for (const [folder, stamp] of made) writeStamp(stampName(folder), stampOf(folder, stamp));
}

#!/usr/bin/env node
/**
 * Runs a script of this repository with everything it needs: dependencies installed, packages
 * built, and the Node from node_modules (the machine's own may be older than the code asks for).
 *
 *   node .ci/with-toolchain.mjs <script.ts> [arguments]
 *
 * Plain JavaScript without dependencies: it has to run before anything is installed, on Node 20.
 */
import { buildStalePackages, stalePackages } from "./toolchain/build.mjs";
import { endLike } from "./toolchain/child.mjs";
import { installDependencies, isInstalled } from "./toolchain/install.mjs";
import { withLock } from "./toolchain/lock.mjs";
import { Problem } from "./toolchain/problem.mjs";
import { runScript } from "./toolchain/run-script.mjs";

const isReady = () => isInstalled() && stalePackages().length === 0;

async function prepare() {
  if (isReady()) return;
  await withLock(async () => {
    if (!isInstalled()) await installDependencies();
    await buildStalePackages();
  });
}

async function main([script, ...args]) {
  if (script === undefined) {
    throw new Problem("usage: node .ci/with-toolchain.mjs <script.ts> [arguments]");
  }
  await prepare();
  endLike(await runScript(script, args));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  if (error.ended) endLike(error.ended);
  else process.exitCode = 1;
}

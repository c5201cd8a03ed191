import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runChild } from "./child.mjs";
import { fingerprint, isStamped, writeStamp } from "./fingerprint.mjs";
import { Problem } from "./problem.mjs";
import { toolchainNode } from "./run-script.mjs";
import { root, stateDirectory, workspacePackages } from "./workspace.mjs";

const PNPM = "pnpm@12.21.0";
const STAMP = "install";

const manifests = () => workspacePackages().map((folder) => `${folder}/package.json`);

const inputs = () =>
  fingerprint({ files: ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests()] });

function hasDependencies(manifest) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, manifest), "utf8"));
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
}

const hasModules = (folder) =>
  existsSync(join(root, folder, "node_modules")) || !hasDependencies(`${folder}/package.json`);

function hasNode() {
  try {
    accessSync(realpathSync(toolchainNode), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether node_modules is what the lock file and the manifests ask for. */
export const isInstalled = () =>
  isStamped(STAMP, inputs()) && hasNode() && workspacePackages().every(hasModules);

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What npm and pnpm run in: no questions, development dependencies even where NODE_ENV says
 * production, and a home of its own where the user's cannot be written.
 */
function installEnv() {
  const { NODE_ENV: _ignored, ...env } = process.env;
  env.CI = "true";
  const home = env.HOME ?? homedir();
  if (isWritable(home)) return env;
  const ownHome = join(stateDirectory, "home");
  mkdirSync(ownHome, { recursive: true });
  for (const name of Object.keys(env)) if (name.startsWith("XDG_")) delete env[name];
  delete env.PNPM_HOME;
  env.npm_config_userconfig ??= join(home, ".npmrc");
  return { ...env, HOME: ownHome, npm_config_cache: join(ownHome, ".npm") };
}

/** What went wrong before, by what npm and pnpm print, and what to do about it. */
const ADVICE = [
  [
    /ERR_PNPM_OUTDATED_LOCKFILE/,
    `A package.json has changed and pnpm-lock.yaml has not. Run: npx -y ${PNPM} install`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|FETCH_(?:40[137]|5\d\d)|E(?:40[137]|5\d\d)|fetch failed|network|CERT/i,
    "The package registry could not be reached. Check the network, the proxy (HTTPS_PROXY) and `npm config get registry`, then run the command again.",
  ],
  [/ENOSPC/, "The disk is full."],
  [/EACCES|EPERM|EROFS/, "This folder must be writable: dependencies go to node_modules."],
];

function describeFailure(output) {
  const advice = ADVICE.find(([pattern]) => pattern.test(output))?.[1];
  return `${output.trim()}\n\nInstalling the dependencies failed. ${advice ?? "The reason is above."}`;
}

async function runInstall() {
  const args = ["-y", PNPM, "install", "--frozen-lockfile", "--prod=false"];
  try {
    return await runChild("npx", args, { cwd: root, env: installEnv(), capture: true });
  } catch (error) {
    throw new Problem(`npx could not be started (${error.message}): npm has to be installed.`);
  }
}

/** Installs exactly what the lock file says. Says so, and is quiet otherwise. */
export async function installDependencies() {
  process.stderr.write("Installing dependencies …\n");
  const stamp = inputs();
  const { code, signal, output } = await runInstall();
  if (signal) throw new Problem("Interrupted while installing.", { code, signal });
  if (code !== 0) throw new Problem(describeFailure(output));
  if (!hasNode()) {
    throw new Problem(
      `${output.trim()}\n\nThe npm package "node" brought no Node for ${process.platform} ${process.arch}. Delete node_modules and run the command again.`,
    );
  }
  writeStamp(STAMP, stamp);
}

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/** A program that tests start for themselves, and the Debian package that brings it. */
export interface Server {
  readonly binary: string;
  readonly debianPackage: string;
  /** Where its versions are, when they are not in PATH: each has a folder `bin`. */
  readonly versionsFolder?: string;
}

/** Every server a test may ask for. `.ci/run` installs all of them. */
export const SERVERS = {
  prometheus: { binary: "prometheus", debianPackage: "prometheus" },
  alertmanager: {
    binary: "prometheus-alertmanager",
    debianPackage: "prometheus-alertmanager",
  },
  postgres: {
    binary: "postgres",
    debianPackage: "postgresql",
    versionsFolder: "/usr/lib/postgresql",
  },
  redis: { binary: "redis-server", debianPackage: "redis-server" },
} as const;

export type ServerName = keyof typeof SERVERS;

const serverOf = (name: ServerName): Server => SERVERS[name];

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: the servers it was skipped for. */
    missingServers?: readonly MissingServer[];
  }
}

export interface MissingServer {
  readonly server: string;
  readonly debianPackage: string;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a server's program is; `undefined` when it is not installed. */
function findServer(name: ServerName): string | undefined {
  const { binary, versionsFolder } = serverOf(name);
  return [...(process.env["PATH"] ?? "").split(delimiter), ...versionsIn(versionsFolder)]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, binary))
    .find(isExecutable);
}

function versionsIn(folder: string | undefined): string[] {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder).map((version) => join(folder, version, "bin"));
}

/**
 * A suite that needs real servers. Where one is not installed the suite is skipped, and the end of
 * `npm test` names it with the command that installs what is missing.
 */
export function describeWithServer(
  needed: ServerName | readonly ServerName[],
  name: string,
  fn: () => void,
): void {
  const missingServers = [needed]
    .flat()
    .filter((server) => findServer(server) === undefined)
    .map((server) => ({ server, debianPackage: serverOf(server).debianPackage }));
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, missingServers.length > 0 ? { skip: true, meta: { missingServers } } : {}, fn);
}

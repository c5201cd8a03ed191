import { describe } from "vitest";
import { findAlertmanager } from "../servers/alertmanager.ts";
import { findServer } from "../servers/find-server.ts";
import { findPostgres } from "../servers/postgres.ts";

/** A program that tests start for themselves, and the Debian package that brings it. */
export interface Server {
  readonly binary: string;
  readonly debianPackage: string;
  /** Where its program is. @defaultValue on `PATH` */
  readonly find?: () => string | undefined;
}

export type ServerName =
  | "alertmanager"
  | "amtool"
  | "curl"
  | "postgres"
  | "prometheus"
  | "promtool"
  | "python"
  | "redis";

/** Every server and tool that a suite may ask for. */
export const SERVERS: Readonly<Record<ServerName, Server>> = {
  alertmanager: {
    binary: "prometheus-alertmanager",
    debianPackage: "prometheus-alertmanager",
    find: findAlertmanager,
  },
  amtool: { binary: "amtool", debianPackage: "prometheus-alertmanager" },
  curl: { binary: "curl", debianPackage: "curl" },
  postgres: { binary: "postgres", debianPackage: "postgresql", find: findPostgres },
  prometheus: { binary: "prometheus", debianPackage: "prometheus" },
  promtool: { binary: "promtool", debianPackage: "prometheus" },
  python: { binary: "python3", debianPackage: "python3" },
  redis: { binary: "redis-server", debianPackage: "redis-server" },
};

export interface MissingServer {
  readonly server: string;
  readonly debianPackage: string;
}

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: what it was skipped for. */
    missingServers?: readonly MissingServer[];
  }
}

/**
 * A suite that needs real servers or tools. Where one is not installed the suite is skipped, and `missingServers` of its
 * meta names it with the package that brings it, for a reporter to tell.
 */
export function describeWithServer(
  needed: ServerName | readonly ServerName[],
  name: string,
  fn: () => void,
): void {
  const missingServers = [needed].flat().filter(isMissing).map(toMissing);
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, missingServers.length > 0 ? { skip: true, meta: { missingServers } } : {}, fn);
}

function isMissing(server: ServerName): boolean {
  const { binary, find = () => findServer(binary) } = SERVERS[server];
  return find() === undefined;
}

function toMissing(server: ServerName): MissingServer {
  return { server, debianPackage: SERVERS[server].debianPackage };
}

import { findPostgres, findServer } from "@tollgate/testkit";
import { describe } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: the servers it was skipped for. */
    missingServers?: readonly { readonly server: string; readonly debianPackage: string }[];
  }
}

/** A suite that needs PostgreSQL and Redis; the end of `npm test` says so where one is not installed. */
export function describeWithServers(name: string, fn: () => void): void {
  const missingServers = [
    ...(findPostgres() === undefined ? [{ server: "postgres", debianPackage: "postgresql" }] : []),
    ...(findServer("redis-server") === undefined
      ? [{ server: "redis", debianPackage: "redis-server" }]
      : []),
  ];
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, missingServers.length > 0 ? { skip: true, meta: { missingServers } } : {}, fn);
}

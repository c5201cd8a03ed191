import { findServer } from "@tollgate/testkit";
import { describe } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: the servers it was skipped for. */
    missingServers?: readonly { readonly server: string; readonly debianPackage: string }[];
  }
}

/** A suite that needs `redis-server`; the end of `npm test` says so where it is not installed. */
export function describeWithRedis(name: string, fn: () => void): void {
  const missingServers = [{ server: "redis", debianPackage: "redis-server" }];
  const isMissing = findServer("redis-server") === undefined;
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, isMissing ? { skip: true, meta: { missingServers } } : {}, fn);
}

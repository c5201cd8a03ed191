import { findPostgres } from "@tollgate/testkit";
import { describe } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** On a suite: the servers it was skipped for. */
    missingServers?: readonly { readonly server: string; readonly debianPackage: string }[];
  }
}

/** A suite that needs PostgreSQL; the end of `npm test` says so where it is not installed. */
export function describeWithPostgres(name: string, fn: () => void): void {
  const missingServers = [{ server: "postgres", debianPackage: "postgresql" }];
  const isMissing = findPostgres() === undefined;
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- makes suites, is none
  describe(name, isMissing ? { skip: true, meta: { missingServers } } : {}, fn);
}

/**
 * - `ingest`: send telemetry and report usage.
 * - `read`: ask for usage, budgets and metrics.
 * - `admin`: change budgets, and what both others may.
 */
export type AccessScope = "ingest" | "read" | "admin";

export const ACCESS_SCOPES: readonly AccessScope[] = ["ingest", "read", "admin"];

/** Who asks, as far as it was proved. */
export interface Caller {
  /** The id of its token, for logs; never the token. `undefined`: nobody in particular. */
  readonly tokenId: string | undefined;
  /** The tenant it belongs to: it neither reads nor writes what is another's. `undefined`: all of them. */
  readonly organization: string | undefined;
  readonly scopes: ReadonlySet<AccessScope>;
}

/** Whoever reaches a collector that has no tokens, which is on loopback only. */
export const ANYONE: Caller = {
  tokenId: undefined,
  organization: undefined,
  scopes: new Set(ACCESS_SCOPES),
};

export function may(caller: Caller, scope: AccessScope): boolean {
  return caller.scopes.has(scope) || caller.scopes.has("admin");
}

import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "@tollgate/core";
import type { BudgetProcessor } from "@tollgate/budget";
import type { Pricer } from "@tollgate/pricing";
import type { Ledger } from "@tollgate/ledger";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { AccessScope, Caller } from "../access/caller.ts";
import type { ManagedBudgets } from "../usage/managed-budgets.ts";
import type { RemoteLeases } from "../usage/remote-leases.ts";
import type { Feed } from "../usage/feed.ts";
import type { Reporter } from "../usage/reporter.ts";

/** The server that routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export interface ApiParts {
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly feed: Feed;
  readonly budget: BudgetProcessor;
  readonly managedBudgets: ManagedBudgets;
  readonly remoteLeases: RemoteLeases;
  readonly pricer: Pricer;
  /** Whether work is taken. */
  readonly isReady: () => Promise<boolean>;
  readonly clock: Clock;
}

/** Adds the routes of one matter. */
export type Routes = (api: Api, parts: ApiParts) => void;

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a caller must be allowed, or to be a caller at all. @defaultValue nothing: anybody may */
    readonly scope?: AccessScope | "any" | undefined;
    /** It tells of all tenants, so that a token of one is not enough. */
    readonly forAllTenants?: boolean | undefined;
  }
  interface FastifyRequest {
    /** Who asks; set before a route runs. */
    caller: Caller;
  }
}

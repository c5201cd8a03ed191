import type { Clock } from "@tollgate/core";
import { createMemoryStore, type BudgetStore } from "../../src/index.ts";
import { openRedisStore } from "../../src/redis/index.ts";
import { createSlicedStore } from "../../src/slices/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { openRedisCells, openSqliteCells } from "./cells.ts";
import { checkThenCharge, shrunkenHolds } from "./wrong-stores.ts";

/** Where a fleet finds its store. Each store takes of it what it needs. */
export interface Address {
  readonly path: string;
  readonly urls: readonly string[];
  /** Another one for every run. */
  readonly namespace: string;
}

export interface FleetStore {
  readonly server: "none" | "redis" | "cluster";
  /** How many processes may share it. */
  readonly processes: 1 | 8;
  /**
   * Processes take parts of budgets ahead. What one had taken is charged when it is killed, so more may be booked
   * than its calls may have cost.
   *
   * @defaultValue false
   */
  readonly takesAhead?: boolean;
  readonly open: (address: Address, clock: Clock) => BudgetStore | Promise<BudgetStore>;
}

/** Longer than a busy machine takes; what a budget does when a store does not answer is tested elsewhere. */
const PATIENCE_MS = 60_000;

type Stores = Readonly<Record<string, FleetStore>>;

const redis: FleetStore["open"] = ({ urls, namespace }, clock) =>
  openRedisStore({ url: urls, namespace, clock, timeoutMs: PATIENCE_MS });

const sqlite: FleetStore["open"] = ({ path }, clock) =>
  openSqliteStore({ path, clock, maxWaitMs: PATIENCE_MS });

function throughSlices(open: FleetStore["open"]): Pick<FleetStore, "takesAhead" | "open"> {
  return {
    takesAhead: true,
    open: async (address, clock) => createSlicedStore(await open(address, clock), { clock }),
  };
}

/** Every store that promises a hard budget; another one is one line here. */
export const FLEET_STORES: Stores = {
  memory: { server: "none", processes: 1, open: (_address, clock) => createMemoryStore({ clock }) },
  SQLite: { server: "none", processes: 8, open: sqlite },
  Redis: { server: "redis", processes: 8, open: redis },
  "Redis Cluster": { server: "cluster", processes: 8, open: redis },
  "slices of SQLite": { server: "none", processes: 8, ...throughSlices(sqlite) },
  "slices of Redis": { server: "redis", processes: 8, ...throughSlices(redis) },
};

/** Wrong in the two usual ways, on real processes: they show that the proof can fail. */
export const WRONG_STORES: Stores = {
  "check, then charge, in SQLite": {
    server: "none",
    processes: 8,
    open: ({ path }) => checkThenCharge(openSqliteCells(path)),
  },
  "check, then charge, in Redis": {
    server: "redis",
    processes: 8,
    open: async ({ urls, namespace }) => checkThenCharge(await openRedisCells(urls, namespace)),
  },
  "counter by counter with shrunken holds, in SQLite": {
    server: "none",
    processes: 8,
    open: ({ path }) => shrunkenHolds(openSqliteCells(path)),
  },
  "counter by counter with shrunken holds, in Redis": {
    server: "redis",
    processes: 8,
    open: async ({ urls, namespace }) => shrunkenHolds(await openRedisCells(urls, namespace)),
  },
};

const ALL: Stores = { ...FLEET_STORES, ...WRONG_STORES };

export function storeNamed(name: string): FleetStore {
  const store = ALL[name];
  if (store === undefined) throw new Error(`no store is called ${name}`);
  return store;
}

export type { RedisScriptClient, ScriptCall } from "./connection.ts";
export { openRedisStore } from "./open-redis-store.ts";
export type { RedisStoreOptions } from "./open-redis-store.ts";
export type { PendingEnd } from "./pending-ends.ts";

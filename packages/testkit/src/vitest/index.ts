export { describeWithServer, SERVERS } from "./describe-with-server.ts";
export type { MissingServer, Server, ServerName } from "./describe-with-server.ts";

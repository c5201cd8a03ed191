/** Packages of clients that use neither the global `fetch` nor the global `WebSocket`. */
export const NODE_FETCH = "node-fetch";
export const UNDICI = "undici";
export const BEDROCK_RUNTIME = "@aws-sdk/client-bedrock-runtime";
export const WS = "ws";

export const MODULE_NAMES: readonly string[] = [NODE_FETCH, UNDICI, BEDROCK_RUNTIME, WS];

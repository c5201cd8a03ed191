/** Packages of clients that do not use the global `fetch`. */
export const NODE_FETCH = "node-fetch";
export const UNDICI = "undici";
export const BEDROCK_RUNTIME = "@aws-sdk/client-bedrock-runtime";

export const MODULE_NAMES: readonly string[] = [NODE_FETCH, UNDICI, BEDROCK_RUNTIME];

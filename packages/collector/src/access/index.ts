export { ACCESS_SCOPES } from "./caller.ts";
export type { AccessScope } from "./caller.ts";
export { addToken, revokeToken } from "./edit-tokens.ts";
export type { TokenWish } from "./edit-tokens.ts";
export type { Token } from "./token.ts";
export { readTokenFile, tokenFileOf } from "./token-file.ts";
export type { TokenEntry } from "./token-file.ts";

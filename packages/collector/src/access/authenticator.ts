import { timingSafeEqual } from "node:crypto";
import { diag } from "@opentelemetry/api";
import { ANYONE, type Caller } from "./caller.ts";
import { hashToken, idOfToken } from "./token.ts";
import { readTokenFile, versionOfTokenFile, type TokenEntry } from "./token-file.ts";

/** Tells who asks. */
export interface Authenticator {
  /** Whether anybody is asked for a token. */
  readonly asks: boolean;
  /**
   * @param authorization - the header or metadata: `Bearer <token>`.
   * @returns `undefined` for who has no token that is known.
   */
  authenticate(authorization: string | undefined): Caller | undefined;
}

export interface AuthenticatorOptions {
  /** @defaultValue none: everybody may everything */
  readonly path: string | undefined;
  /** How long a token that was taken out of the file may still be used. @defaultValue `2_000` */
  readonly refreshMs?: number | undefined;
  /** Monotonic, milliseconds. */
  readonly now: () => number;
}

/**
 * Knows the tokens of a file, and follows it: a token counts soon after it was added, and no longer soon after it was taken out.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when the file is there and cannot be read.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { path, refreshMs = 2_000, now } = options;
  if (path === undefined) return { asks: false, authenticate: () => ANYONE };
  const file = path;
  let version = versionOfTokenFile(file);
  let entries = byId(readTokenFile(file));
  let lookAtMs = now() + refreshMs;
  // Once asked for, tokens are asked for until the end: emptying the file opens nothing.
  let asks = entries.size > 0;

  function refresh(): void {
    const nowMs = now();
    if (nowMs < lookAtMs) return;
    lookAtMs = nowMs + refreshMs;
    const current = versionOfTokenFile(file);
    if (current === version) return;
    version = current;
    try {
      entries = byId(readTokenFile(file));
      asks ||= entries.size > 0;
    } catch (error) {
      diag.error("tollgate: the tokens known before stay in force", error);
    }
  }

  return {
    get asks() {
      refresh();
      return asks;
    },
    authenticate(authorization) {
      refresh();
      if (!asks) return ANYONE;
      const text = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
      const entry = entries.get(idOfToken(text) ?? "");
      if (entry === undefined || !isHashOf(entry.hash, text)) return undefined;
      const { id, organization, scopes } = entry;
      return { tokenId: id, organization, scopes: new Set(scopes) };
    },
  };
}

function byId(entries: readonly TokenEntry[]): ReadonlyMap<string, TokenEntry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function isHashOf(hash: string, text: string): boolean {
  return timingSafeEqual(Buffer.from(hash, "hex"), Buffer.from(hashToken(text), "hex"));
}

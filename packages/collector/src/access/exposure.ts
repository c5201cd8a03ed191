import { isIP } from "node:net";
import { TollgateError } from "@tollgate/core";

/**
 * Refuses to listen where others can reach it while nobody is asked for a token.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID`.
 */
export function checkExposure(host: string, asksForTokens: boolean): void {
  if (asksForTokens || isLoopback(host)) return;
  throw new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    `the collector is to listen on ${host}, which others can reach, and has no tokens; ` +
      "create one with tollgate token create, or listen on 127.0.0.1",
  );
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1" || host === "[::1]") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

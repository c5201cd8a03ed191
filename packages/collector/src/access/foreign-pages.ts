import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import { sendProblem } from "../rest/problem.ts";
import type { Authenticator } from "./authenticator.ts";

/** Names that nobody can register (RFC 6761, RFC 6762, and .internal, which ICANN reserved in 2024). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|test)$/;

/**
 * Keeps web pages away from a collector that asks nobody for a token. It listens on loopback, but so does whatever a browser is led to
 * by a page whose own name suddenly means 127.0.0.1 (DNS rebinding): such requests name that page's host, and are refused.
 */
export function refuseForeignPages(app: FastifyInstance, authenticator: Authenticator): void {
  app.addHook("onRequest", async (request, reply) => {
    if (authenticator.asks) return undefined;
    const foreign = [request.headers.host, originHost(request.headers.origin)].find(isPublicName);
    if (foreign === undefined) return undefined;
    return sendProblem(reply, {
      status: 403,
      detail: `${foreign} may be anybody's, and this collector has no tokens; ask it as 127.0.0.1, or create one with tollgate token create`,
    });
  });
}

function originHost(origin: string | undefined): string | undefined {
  return origin === undefined || !URL.canParse(origin) ? undefined : new URL(origin).host;
}

/** Whether somebody may have registered a name, so that it can mean any address. */
export function isPublicName(host: string | undefined): boolean {
  if (host === undefined || host === "") return false;
  const name = host.replace(/:\d+$/, "").replace(/\.$/, "").toLowerCase();
  if (name.startsWith("[") || isIP(name) !== 0) return false;
  return name.includes(".") && !PRIVATE_NAME.test(name);
}

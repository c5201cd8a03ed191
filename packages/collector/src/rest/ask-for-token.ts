import type { FastifyInstance } from "fastify";
import type { Authenticator } from "../access/authenticator.ts";
import { may } from "../access/caller.ts";
import { sendProblem } from "./problem.ts";

/** Lets nobody at a route without what the route asks for, before its body is read. */
export function askForToken(app: FastifyInstance, authenticator: Authenticator): void {
  app.decorateRequest("caller");
  app.addHook("onRequest", async (request, reply) => {
    const { scope, forAllTenants } = request.routeOptions.config;
    if (scope === undefined) return undefined;
    const caller = authenticator.authenticate(request.headers.authorization);
    if (caller === undefined) {
      void reply.header("www-authenticate", "Bearer");
      return sendProblem(reply, {
        status: 401,
        detail: "send a token that this collector knows: Authorization: Bearer tgt_…",
      });
    }
    if (scope !== "any" && !may(caller, scope)) {
      return sendProblem(reply, {
        status: 403,
        detail: `this token is not for ${scope}; use one with that scope`,
      });
    }
    if (forAllTenants === true && caller.organization !== undefined) {
      return sendProblem(reply, {
        status: 403,
        detail: "this token is for one organization alone; use one that is for all",
      });
    }
    request.caller = caller;
    return undefined;
  });
}

import * as z from "zod";
import type { Routes } from "../api.ts";
import { problemSchema, sendProblem } from "../problem.ts";

const okSchema = z.object({ status: z.literal("ok") });

/** For whoever starts and watches the collector; no token needed, and nothing told. */
export const healthRoutes: Routes = (api, { isReady }) => {
  api.route({
    method: "GET",
    url: "/healthz",
    schema: {
      summary: "Whether the process is alive",
      tags: ["health"],
      response: { 200: okSchema },
    },
    handler: async () => ({ status: "ok" as const }),
  });
  api.route({
    method: "GET",
    url: "/readyz",
    schema: {
      summary: "Whether it takes work: its ledger answers, and it is not ending",
      tags: ["health"],
      response: { 200: okSchema, default: problemSchema },
    },
    async handler(_request, reply) {
      if (await isReady()) return { status: "ok" as const };
      return sendProblem(reply, {
        status: 503,
        detail: "the ledger does not answer, or it is ending",
      });
    },
  });
};

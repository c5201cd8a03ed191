import * as z from "zod";
import { amountsOf, askedCallSchema, callOf } from "../../usage/asked-call.ts";
import { refusalJson, refusalSchema } from "../../usage/budget-json.ts";
import type { Routes } from "../api.ts";
import { problemSchema } from "../problem.ts";

const DEFAULT_TTL_SECONDS = 120;
const tokens = z.int().min(0).max(1_000_000_000_000).optional();
const leaseName = z.string().min(2).max(600).describe("As reserve gave it out.");
const usedSchema = z
  .strictObject({
    lease: leaseName,
    provider: z.string().max(256).optional(),
    model: z.string().max(256).optional(),
    tokens_in: tokens,
    tokens_out: tokens,
    cost_usd: z
      .number()
      .min(0)
      .max(1_000_000)
      .describe("Default: by the model's price.")
      .optional(),
  })
  // What is left out is not nothing: such a hold would be given back.
  .refine(isWhole, {
    error: "does not say what was used: give tokens_in and tokens_out, or cost_usd",
  });

/** How programs in any language take part in budgets: ask, reserve, then settle or release. */
export const leaseRoutes: Routes = (api, { budget, remoteLeases, pricer, clock }) => {
  api.route({
    method: "POST",
    url: "/v1/budgets/check",
    config: { scope: "read" },
    schema: {
      summary: "Would a call be let through?",
      description: "Holds nothing.",
      tags: ["budgets"],
      body: askedCallSchema,
      response: {
        200: z.object({
          action: z.enum(["allow", "throttle", "deny"]),
          refusal: refusalSchema.nullable(),
          remarks: z.array(z.string()),
        }),
        default: problemSchema,
      },
    },
    async handler({ body, caller }) {
      const check = await budget.check(callOf(caller, body, pricer, clock.now()));
      const { action, refusal, remarks } = check;
      return {
        action,
        refusal: refusal === undefined ? null : refusalJson(refusal),
        remarks: [...remarks],
      };
    },
  });

  api.route({
    method: "POST",
    url: "/v1/budgets/reserve",
    config: { scope: "ingest" },
    schema: {
      summary: "Hold what a call may use, before it is made",
      description:
        "On every budget above the call, all or none. Answers 402 when one refuses. Settle or release the lease: one that is not ended within ttl_seconds is charged as held.",
      tags: ["budgets"],
      body: z.strictObject({
        call: askedCallSchema,
        ttl_seconds: z.int().min(1).max(3_600).describe("Default: 120.").optional(),
      }),
      response: {
        200: z.object({ lease: leaseName, expires: z.string() }),
        402: z.object({ refusal: refusalSchema }),
        default: problemSchema,
      },
    },
    async handler({ body, caller }, reply) {
      const call = callOf(caller, body.call, pricer, clock.now());
      const leaseMs = (body.ttl_seconds ?? DEFAULT_TTL_SECONDS) * 1_000;
      const reserved = await remoteLeases.reserve(caller, call, leaseMs);
      if (!reserved.granted) {
        const { resetsAtMs } = reserved.refusal;
        if (resetsAtMs !== undefined) {
          const seconds = Math.ceil((resetsAtMs - clock.now()) / 1_000);
          void reply.header("retry-after", String(Math.max(1, seconds)));
        }
        return reply.code(402).send({ refusal: refusalJson(reserved.refusal) });
      }
      const expires = new Date(reserved.expiresMs).toISOString();
      return reply.code(200).send({ lease: reserved.lease, expires });
    },
  });

  api.route({
    method: "POST",
    url: "/v1/budgets/settle",
    config: { scope: "ingest" },
    schema: {
      summary: "Replace a hold by what was used",
      description: "The first end of a lease counts; another changes nothing.",
      tags: ["budgets"],
      body: usedSchema,
      response: { 204: z.null(), default: problemSchema },
    },
    async handler({ body, caller }, reply) {
      await remoteLeases.settle(caller, body.lease, amountsOf(body, pricer, clock.now()));
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: "POST",
    url: "/v1/budgets/release",
    config: { scope: "ingest" },
    schema: {
      summary: "Give a hold back",
      description: "Only for calls that cost nothing.",
      tags: ["budgets"],
      body: z.strictObject({ lease: leaseName }),
      response: { 204: z.null(), default: problemSchema },
    },
    async handler({ body, caller }, reply) {
      await remoteLeases.release(caller, body.lease);
      return reply.code(204).send(null);
    },
  });
};

function isWhole(used: { cost_usd?: unknown; tokens_in?: unknown; tokens_out?: unknown }): boolean {
  if (used.cost_usd !== undefined) return true;
  return used.tokens_in !== undefined && used.tokens_out !== undefined;
}

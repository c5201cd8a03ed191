import * as z from "zod";
import { tokenEventSchema } from "../../usage/token-event.ts";
import { totalsJson, totalsSchema } from "../../usage/totals-json.ts";
import type { Routes } from "../api.ts";
import { FILTER_SHAPE, filterOf } from "../event-filter.ts";
import { problemSchema } from "../problem.ts";
import { storedEventJson, storedEventSchema } from "../stored-event-json.ts";

const MOST_AT_ONCE = 1_000;

const receiptSchema = z.object({
  id: z.string(),
  status: z.enum(["recorded", "known"]).describe("known: it was there already, and counts once."),
  cost_nano_usd: z.number().nullable().describe("null: no price is known."),
  task: totalsSchema.nullable().describe("Sums of its task, with it."),
  workstream: totalsSchema.nullable().describe("Sums of its workstream, with it."),
});

/** Reports of one's own use, and the events of everybody. */
export const tokenEventRoutes: Routes = (api, { reporter, ledger }) => {
  api.route({
    method: "POST",
    url: "/v1/token-events",
    config: { scope: "ingest" },
    schema: {
      summary: "Report what was used",
      description: "One event, or a list of them, all or none of which are recorded.",
      tags: ["usage"],
      body: z.union([tokenEventSchema, z.array(tokenEventSchema).min(1).max(MOST_AT_ONCE)]),
      response: { 201: z.object({ events: z.array(receiptSchema) }), default: problemSchema },
    },
    async handler(request, reply) {
      const inputs = Array.isArray(request.body) ? request.body : [request.body];
      const reported = await reporter.report(request.caller, inputs);
      // A long list is for the ledger, not for its sums.
      const withTotals = reported.length === 1;
      const events = await Promise.all(
        reported.map(async ({ event, isNew }) => {
          const totals = withTotals
            ? await reporter.runningTotals(event)
            : { task: undefined, workstream: undefined };
          return {
            id: event.id,
            status: isNew ? ("recorded" as const) : ("known" as const),
            cost_nano_usd: event.cost.totalNanoUsd ?? null,
            task: totals.task === undefined ? null : totalsJson(totals.task),
            workstream: totals.workstream === undefined ? null : totalsJson(totals.workstream),
          };
        }),
      );
      return reply.code(201).send({ events });
    },
  });

  api.route({
    method: "GET",
    url: "/v1/token-events",
    config: { scope: "read" },
    schema: {
      summary: "List events",
      tags: ["usage"],
      querystring: z.strictObject({
        ...FILTER_SHAPE,
        limit: z.coerce.number().int().min(1).max(1_000).optional(),
        cursor: z.string().max(512).describe("next_cursor of the page before.").optional(),
        order: z.enum(["asc", "desc"]).describe("By arrival. Default: desc.").optional(),
      }),
      response: {
        200: z.object({
          events: z.array(storedEventSchema),
          next_cursor: z.string().nullable().describe("null on the last page."),
        }),
        default: problemSchema,
      },
    },
    async handler({ query, caller }) {
      const { limit, cursor, order, ...filter } = query;
      const page = await ledger.events(filterOf(caller, filter), { limit, cursor, order });
      return {
        events: page.events.map(storedEventJson),
        next_cursor: page.nextCursor ?? null,
      };
    },
  });
};

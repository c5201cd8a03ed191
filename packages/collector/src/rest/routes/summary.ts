import { isTimeZone } from "@tollgate/core";
import type { Dimension, EventFilter } from "@tollgate/ledger";
import * as z from "zod";
import { SUMMARY_SCOPES } from "../../usage/summary-scopes.ts";
import { groupJson, totalsJson, totalsSchema } from "../../usage/totals-json.ts";
import { RequestError } from "../../usage/request-error.ts";
import type { Routes } from "../api.ts";
import { FILTER_SHAPE, filterOf } from "../event-filter.ts";
import { problemSchema } from "../problem.ts";

const DIMENSIONS: readonly Dimension[] = [
  "organization",
  "project",
  "task",
  "workstream",
  "repository",
  "agent",
  "session",
  "commit",
  "release",
  "provider",
  "model",
  "outcome",
];
const DEFAULT_BY: readonly Dimension[] = ["model", "agent"];

const groupSchema = totalsSchema.extend({
  value: z.string().nullable().describe("null: of the events that do not say."),
});
const groups = z
  .record(z.string(), z.array(groupSchema))
  .describe("By dimension, the dearest first.");
const byParameter = z
  .string()
  .regex(new RegExp(`^(${DIMENSIONS.join("|")})(,(${DIMENSIONS.join("|")}))*$`), {
    error: `write a list of ${DIMENSIONS.join(", ")} with commas between`,
  })
  .describe("What to group by, with commas between. Default: model,agent.")
  .optional();

/** Sums over events, and their course over time. */
export const summaryRoutes: Routes = (api, { ledger }) => {
  api.route({
    method: "GET",
    url: "/v1/token-events/summary",
    config: { scope: "read" },
    schema: {
      summary: "Sum events up",
      description: "Of all, or of one task, commit, agent … that scope and id name together.",
      tags: ["usage"],
      querystring: z.strictObject({
        ...FILTER_SHAPE,
        scope: z.enum(SUMMARY_SCOPES).optional(),
        id: z.string().min(1).max(256).optional(),
        by: byParameter,
        top: z.coerce
          .number()
          .int()
          .min(1)
          .max(500)
          .describe("Groups each. Default: 50.")
          .optional(),
      }),
      response: {
        200: totalsSchema.extend({
          first: z.string().nullable().describe("The first event's time."),
          last: z.string().nullable(),
          by: groups,
        }),
        default: problemSchema,
      },
    },
    async handler({ query, caller }) {
      const { scope, id, by, top, ...rest } = query;
      const filter = { ...filterOf(caller, rest), ...scoped(scope, id) };
      // The tenant of a token beats the organisation that a scope names.
      const organization = filterOf(caller, { organization: filter.organization }).organization;
      const summary = await ledger.summary({ ...filter, organization, by: dimensions(by), top });
      return {
        ...totalsJson(summary),
        first: isoTime(summary.firstMs),
        last: isoTime(summary.lastMs),
        by: Object.fromEntries(
          Object.entries(summary.by).map(([dimension, list]) => [dimension, list.map(groupJson)]),
        ),
      };
    },
  });

  api.route({
    method: "GET",
    url: "/v1/token-events/series",
    config: { scope: "read" },
    schema: {
      summary: "Spend over time",
      tags: ["usage"],
      querystring: z.strictObject({
        ...FILTER_SHAPE,
        step: z.enum(["hour", "day"]).describe("Default: day.").optional(),
        by: z.enum(DIMENSIONS).optional(),
        timezone: z
          .string()
          .max(64)
          .refine(isTimeZone, { error: "write an IANA name, such as Europe/Berlin" })
          .describe("IANA zone in which days are cut. Default: UTC.")
          .optional(),
      }),
      response: {
        200: z.object({
          series: z.array(
            z.object({
              value: z.string().nullable(),
              points: z.array(totalsSchema.extend({ time: z.string() })),
            }),
          ),
        }),
        default: problemSchema,
      },
    },
    async handler({ query, caller }) {
      const { step = "day", by, timezone, ...rest } = query;
      const found = await ledger.series({ ...filterOf(caller, rest), step, by, timezone });
      return {
        series: found.map(({ value, points }) => ({
          value: value ?? null,
          points: points.map((point) => ({
            ...totalsJson(point),
            time: new Date(point.timeMs).toISOString(),
          })),
        })),
      };
    },
  });
};

function scoped(
  scope: (typeof SUMMARY_SCOPES)[number] | undefined,
  id: string | undefined,
): EventFilter {
  if ((scope === undefined) !== (id === undefined)) {
    throw new RequestError(
      "invalid",
      "scope: goes with id; write both, such as scope=task&id=T-17",
    );
  }
  return scope === undefined ? {} : { [scope]: id };
}

function dimensions(by: string | undefined): readonly Dimension[] {
  if (by === undefined) return DEFAULT_BY;
  const asked = new Set(by.split(","));
  return DIMENSIONS.filter((dimension) => asked.has(dimension));
}

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

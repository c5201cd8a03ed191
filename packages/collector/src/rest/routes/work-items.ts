import type { Task, TaskStatus, Workstream } from "@tollgate/ledger";
import * as z from "zod";
import { organizationFor } from "../../usage/tenant.ts";
import { tokenEventSchema } from "../../usage/token-event.ts";
import { totalsJson, totalsSchema } from "../../usage/totals-json.ts";
import { RequestError } from "../../usage/request-error.ts";
import type { Routes } from "../api.ts";
import { problemSchema } from "../problem.ts";

const STATUSES: readonly TaskStatus[] = ["open", "in_progress", "blocked", "done", "cancelled"];
const text = z.string().trim().min(1).max(256).nullable().optional();
const organization = z.string().min(1).max(256).describe("Default: that of the token.").optional();
const idParameter = z.object({ id: z.string().min(1).max(256) });
const ofTenant = z.strictObject({ organization });

const workstreamSchema = z.object({
  id: z.string(),
  organization: z.string().nullable(),
  title: z.string().nullable(),
  slug: z.string().nullable(),
  repository: z.string().nullable(),
  updated: z.string(),
});
const taskSchema = workstreamSchema.extend({
  workstream: z.string().nullable(),
  status: z.enum(STATUSES),
});
const workstreamChange = z.strictObject({
  title: text,
  slug: text,
  repository: text.describe("null empties a key; one that is left out stays."),
});
const taskChange = workstreamChange.extend({
  workstream: text,
  status: z.enum(STATUSES).optional(),
});

/** What tokens are spent on. */
export const workItemRoutes: Routes = (api, { ledger, reporter }) => {
  api.route({
    method: "PUT",
    url: "/v1/tasks/:id",
    config: { scope: "ingest" },
    schema: {
      summary: "Say what a task is",
      tags: ["work"],
      params: idParameter,
      querystring: ofTenant,
      body: taskChange,
      response: { 200: taskSchema, default: problemSchema },
    },
    async handler({ params, query, body, caller }) {
      const tenant = organizationFor(caller, query.organization);
      return taskJson(await ledger.putTask(tenant, params.id, body));
    },
  });

  api.route({
    method: "GET",
    url: "/v1/tasks/:id",
    config: { scope: "read" },
    schema: {
      summary: "A task and its sums",
      tags: ["work"],
      params: idParameter,
      querystring: ofTenant,
      response: { 200: taskSchema.extend({ totals: totalsSchema }), default: problemSchema },
    },
    async handler({ params, query, caller }) {
      const tenant = organizationFor(caller, query.organization);
      const task = await ledger.task(tenant, params.id);
      if (task === undefined) throw new RequestError("not_found", `no task ${params.id} is known`);
      const totals = await ledger.summary({ organization: tenant, task: params.id });
      return { ...taskJson(task), totals: totalsJson(totals) };
    },
  });

  api.route({
    method: "PATCH",
    url: "/v1/tasks/:id",
    config: { scope: "ingest" },
    schema: {
      summary: "Change a task's status, and report what it used",
      description: "One call does both; tokens are optional, and are reported for the task.",
      tags: ["work"],
      params: idParameter,
      querystring: ofTenant,
      body: z.strictObject({
        status: z.enum(STATUSES),
        tokens: tokenEventSchema.optional(),
      }),
      response: { 200: taskSchema.extend({ totals: totalsSchema }), default: problemSchema },
    },
    async handler({ params, query, body, caller }) {
      const tenant = organizationFor(caller, query.organization);
      if (body.tokens !== undefined) {
        const event = { ...body.tokens, organization: tenant, task: params.id };
        await reporter.report(caller, [event]);
      }
      const task = await ledger.putTask(tenant, params.id, { status: body.status });
      const totals = await ledger.summary({ organization: tenant, task: params.id });
      return { ...taskJson(task), totals: totalsJson(totals) };
    },
  });

  api.route({
    method: "PUT",
    url: "/v1/workstreams/:id",
    config: { scope: "ingest" },
    schema: {
      summary: "Say what a workstream is",
      tags: ["work"],
      params: idParameter,
      querystring: ofTenant,
      body: workstreamChange,
      response: { 200: workstreamSchema, default: problemSchema },
    },
    async handler({ params, query, body, caller }) {
      const tenant = organizationFor(caller, query.organization);
      return workstreamJson(await ledger.putWorkstream(tenant, params.id, body));
    },
  });

  api.route({
    method: "GET",
    url: "/v1/workstreams/:id",
    config: { scope: "read" },
    schema: {
      summary: "A workstream and its sums",
      tags: ["work"],
      params: idParameter,
      querystring: ofTenant,
      response: { 200: workstreamSchema.extend({ totals: totalsSchema }), default: problemSchema },
    },
    async handler({ params, query, caller }) {
      const tenant = organizationFor(caller, query.organization);
      const workstream = await ledger.workstream(tenant, params.id);
      if (workstream === undefined) {
        throw new RequestError("not_found", `no workstream ${params.id} is known`);
      }
      const totals = await ledger.summary({ organization: tenant, workstream: params.id });
      return { ...workstreamJson(workstream), totals: totalsJson(totals) };
    },
  });
};

function workstreamJson(item: Workstream): z.output<typeof workstreamSchema> {
  return {
    id: item.id,
    organization: item.organization ?? null,
    title: item.title ?? null,
    slug: item.slug ?? null,
    repository: item.repository ?? null,
    updated: new Date(item.updatedMs).toISOString(),
  };
}

function taskJson(task: Task): z.output<typeof taskSchema> {
  return { ...workstreamJson(task), workstream: task.workstream ?? null, status: task.status };
}

import * as z from "zod";
import { budgetJson, budgetSchema } from "../../usage/budget-json.ts";
import { visibleTo } from "../../usage/visible-budgets.ts";
import { RequestError } from "../../usage/request-error.ts";
import type { Routes } from "../api.ts";
import { problemSchema } from "../problem.ts";

const idParameter = z.object({ id: z.string().min(1).max(63) });
const managedSchema = z.object({
  id: z.string(),
  origin: z
    .enum(["configuration", "api"])
    .describe("configuration: written in tollgate.yaml, and changed only there."),
  policy: z.looseObject({}).describe("As it was written, its defaults filled in."),
  counters: z.array(budgetSchema),
});

/** Budgets: what they have left, and those made while the collector runs. */
export const budgetRoutes: Routes = (api, { budget, managedBudgets }) => {
  api.route({
    method: "GET",
    url: "/v1/budgets",
    config: { scope: "read" },
    schema: {
      summary: "List budgets and their counters",
      tags: ["budgets"],
      response: { 200: z.object({ budgets: z.array(managedSchema) }), default: problemSchema },
    },
    async handler({ caller }) {
      const managed = managedBudgets.list();
      const policies = managed.map(({ policy }) => policy);
      const states = visibleTo(caller, await budget.states(), policies);
      const { organization } = caller;
      const budgets = managed.flatMap(({ policy, origin }) => {
        const counters = states.filter((state) => state.budget === policy.id).map(budgetJson);
        const isTheirs = organization === undefined || policy.match.organization === organization;
        if (!isTheirs && counters.length === 0) return [];
        return [{ id: policy.id, origin, policy: { ...policy }, counters }];
      });
      return { budgets };
    },
  });

  api.route({
    method: "PUT",
    url: "/v1/budgets/:id",
    config: { scope: "admin" },
    schema: {
      summary: "Make or change a budget",
      description:
        "With the keys of budgets in tollgate.yaml. It counts from the next call on, at all replicas within seconds; what was used stays used.",
      tags: ["budgets"],
      params: idParameter,
      body: z.looseObject({}).describe("A budget, without its id."),
      response: { 200: managedSchema.omit({ counters: true }), default: problemSchema },
    },
    async handler({ params, body, caller }) {
      if ("id" in body && body["id"] !== params.id) {
        throw new RequestError("invalid", "id: is in the path; leave it out of the body");
      }
      const policy = await managedBudgets.put(caller, params.id, body);
      return { id: policy.id, origin: "api" as const, policy: { ...policy } };
    },
  });

  api.route({
    method: "DELETE",
    url: "/v1/budgets/:id",
    config: { scope: "admin" },
    schema: {
      summary: "Remove a budget",
      tags: ["budgets"],
      params: idParameter,
      response: { 204: z.null(), default: problemSchema },
    },
    async handler({ params, caller }, reply) {
      await managedBudgets.remove(caller, params.id);
      return reply.code(204).send(null);
    },
  });
};

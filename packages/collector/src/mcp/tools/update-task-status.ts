import { formatUsd } from "@tollgate/core";
import type { TaskStatus } from "@tollgate/ledger";
import * as z from "zod";
import { organizationFor } from "../../usage/tenant.ts";
import { tokenEventSchema } from "../../usage/token-event.ts";
import { totalsJson } from "../../usage/totals-json.ts";
import { answer } from "../answer.ts";
import type { AddTool } from "../tool.ts";

const STATUSES: readonly TaskStatus[] = ["open", "in_progress", "blocked", "done", "cancelled"];

export const addUpdateTaskStatus: AddTool = (server, { ledger, reporter }, caller) => {
  server.registerTool(
    "update_task_status",
    {
      title: "Change a task's status",
      description: "Change a task's status and, in the same step, record the tokens that it took.",
      inputSchema: z.strictObject({
        task: z.string().min(1).max(256),
        status: z.enum(STATUSES),
        organization: z.string().min(1).max(256).describe("Default: that of the token.").optional(),
        tokens: tokenEventSchema.describe("Recorded for the task.").optional(),
      }),
      annotations: { readOnlyHint: false, openWorldHint: false },
    },
    ({ task: id, status, organization, tokens }) =>
      answer(caller, "ingest", async () => {
        const tenant = organizationFor(caller, organization);
        if (tokens !== undefined) {
          await reporter.report(caller, [{ ...tokens, organization: tenant, task: id }]);
        }
        const task = await ledger.putTask(tenant, id, { status });
        const totals = await ledger.summary({ organization: tenant, task: id });
        const together = (totals.inputTokens + totals.outputTokens).toLocaleString("en-US");
        return {
          text: `Task ${id} is ${task.status}: ${together} tokens, ${formatUsd(totals.costNanoUsd)} so far.`,
          data: { task: id, status: task.status, totals: totalsJson(totals) },
        };
      }),
  );
};

import { formatUsd } from "@tollgate/core";
import { tokenEventSchema } from "../../usage/token-event.ts";
import { totalsJson } from "../../usage/totals-json.ts";
import { answer } from "../answer.ts";
import type { AddTool } from "../tool.ts";

export const addRecordTokenEvent: AddTool = (server, { reporter }, caller) => {
  server.registerTool(
    "record_token_event",
    {
      title: "Record tokens",
      description:
        "Record tokens that you used, and what for. Returns the event's id and the running totals of its task and workstream. " +
        "Say estimated: true when you only know roughly.",
      inputSchema: tokenEventSchema,
      annotations: { readOnlyHint: false, idempotentHint: false, openWorldHint: false },
    },
    (input) =>
      answer(caller, "ingest", async () => {
        const [reported] = await reporter.report(caller, [input]);
        if (reported === undefined) throw new Error("nothing was reported");
        const { event, isNew } = reported;
        const totals = await reporter.runningTotals(event);
        const cost = event.cost.totalNanoUsd;
        const lines = [
          `${isNew ? "Recorded" : "Known already"}: ${event.id}, ${cost === undefined ? "no price known" : formatUsd(cost)}.`,
        ];
        for (const key of ["task", "workstream"] as const) {
          const sum = totals[key];
          if (sum === undefined) continue;
          const together = (sum.inputTokens + sum.outputTokens).toLocaleString("en-US");
          lines.push(
            `${key} ${event.attribution[key]}: ${together} tokens, ${formatUsd(sum.costNanoUsd)} so far.`,
          );
        }
        return {
          text: lines.join("\n"),
          data: {
            id: event.id,
            status: isNew ? "recorded" : "known",
            cost_nano_usd: cost ?? null,
            task: totals.task === undefined ? null : totalsJson(totals.task),
            workstream: totals.workstream === undefined ? null : totalsJson(totals.workstream),
          },
        };
      }),
  );
};

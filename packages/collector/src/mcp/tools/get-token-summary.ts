import * as z from "zod";
import { organizationFor } from "../../usage/tenant.ts";
import { SUMMARY_SCOPES } from "../../usage/summary-scopes.ts";
import { groupJson, totalsJson } from "../../usage/totals-json.ts";
import { RequestError } from "../../usage/request-error.ts";
import { answer } from "../answer.ts";
import { textTable } from "../text-table.ts";
import type { AddTool } from "../tool.ts";
import { reservations, TOTALS_HEAD, totalsCells } from "../totals-text.ts";

const GROUPS = ["model", "agent"] as const;

export const addGetTokenSummary: AddTool = (server, { ledger, clock }, caller) => {
  server.registerTool(
    "get_token_summary",
    {
      title: "Sum tokens up",
      description:
        "Tokens and cost of a task, workstream, commit, agent …, by model and by agent, as a table.",
      inputSchema: z.strictObject({
        scope: z.enum(SUMMARY_SCOPES).describe("What id names."),
        id: z.string().min(1).max(256),
        organization: z.string().min(1).max(256).describe("Default: that of the token.").optional(),
        days: z.int().min(1).max(3_660).describe("Only of so many days up to now.").optional(),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ scope, id, organization, days }) =>
      answer(caller, "read", async () => {
        const asked = scope === "organization" ? id : organization;
        const fromMs = days === undefined ? undefined : clock.now() - days * 86_400_000;
        const of = scope === "organization" ? {} : { [scope]: id };
        const summary = await ledger.summary({
          ...of,
          organization: organizationFor(caller, asked),
          fromMs,
          by: GROUPS,
        });
        if (summary.events === 0) {
          throw new RequestError("not_found", `nothing was recorded of ${scope} ${id}`);
        }
        const rows = GROUPS.flatMap((group) =>
          (summary.by[group] ?? []).map((one) => [
            `${group} ${one.value ?? "(not said)"}`,
            ...totalsCells(one),
          ]),
        );
        const table = textTable(
          [`${scope} ${id}`, ...TOTALS_HEAD],
          [["all", ...totalsCells(summary)], ...rows],
        );
        const note = reservations(summary);
        return {
          text: note === "" ? table : `${table}\n${note}`,
          data: {
            ...totalsJson(summary),
            by: Object.fromEntries(
              GROUPS.map((group) => [group, (summary.by[group] ?? []).map(groupJson)]),
            ),
          },
        };
      }),
  );
};

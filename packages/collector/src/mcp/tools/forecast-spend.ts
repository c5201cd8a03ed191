import * as z from "zod";
import { forecastUsd } from "../../usage/forecaster.ts";
import { organizationFor } from "../../usage/tenant.ts";
import { answer } from "../answer.ts";
import type { AddTool } from "../tool.ts";

const DAY_MS = 86_400_000;
const name = z.string().min(1).max(256).optional();

export const addForecastSpend: AddTool = (server, { ledger, clock }, caller) => {
  server.registerTool(
    "forecast_spend",
    {
      title: "What will it come to?",
      description:
        "What will have been spent by the end of the month (UTC), or in the next days, with a range.",
      inputSchema: z.strictObject({
        days: z
          .int()
          .min(1)
          .max(366)
          .describe("The next so many days. Default: this month.")
          .optional(),
        organization: name.describe("Default: that of the token."),
        project: name,
        agent: name,
        model: name,
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ days, organization, ...rest }) =>
      answer(caller, "read", async () => {
        const nowMs = clock.now();
        const filter = { ...rest, organization: organizationFor(caller, organization) };
        const window =
          days === undefined ? monthOf(nowMs) : { startMs: nowMs, untilMs: nowMs + days * DAY_MS };
        const forecast = await forecastUsd(ledger, filter, { nowMs, ...window });
        const { spentSoFar, expected, low, high, confidence } = forecast;
        const what = days === undefined ? "this month" : `the next ${days} days`;
        const sure =
          confidence === "low" ? " Less than three days are known: the range may be far off." : "";
        return {
          text: `${what}: ${usd(expected)}, in 8 of 10 cases between ${usd(low)} and ${usd(high)}; ${usd(spentSoFar)} so far.${sure}`,
          data: {
            until: new Date(window.untilMs).toISOString(),
            spent_so_far_usd: spentSoFar,
            expected_usd: expected,
            low_usd: low,
            high_usd: high,
            confidence,
            days_known: forecast.days,
          },
        };
      }),
  );
};

function monthOf(nowMs: number): { readonly startMs: number; readonly untilMs: number } {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return { startMs: Date.UTC(year, month), untilMs: Date.UTC(year, month + 1) };
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

import { LEDGER_BUDGET } from "../agents.ts";
import type { Figures } from "../figures.ts";
import { renderAgents, renderBudgets } from "./figures-table.ts";
import { truncate, type Style } from "./text.ts";

/** What `--once` prints at its end. */
export function renderSummary(figures: Figures, width: number, style: Style): string[] {
  return [
    "",
    ...renderAgents(figures.agents, width, style),
    "",
    ...renderBudgets(figures, width, style, LEDGER_BUDGET),
    "",
    truncate(`${figures.refused} refused, ${figures.throttled} throttled`, width),
  ];
}

/** What `--once --json` prints in its last line. */
export function renderJson({ agents, refused, throttled }: Figures, metricsUrl: string): string {
  return JSON.stringify({
    agents: agents.map(({ agent, project, calls, ledgerUsd, metricsUsd }) => ({
      agent,
      project,
      calls,
      ledgerUsd,
      metricsUsd,
    })),
    refused,
    throttled,
    metricsUrl,
  });
}

import { formatUsd, usdToNanoUsd } from "@tollgate/core";
import { usedShare, type AgentFigures, type BudgetFigures, type Figures } from "../figures.ts";
import { renderTable, type Column } from "./table.ts";
import { formatCount, truncate, type Style } from "./text.ts";

const BAR_WIDTH_MIN = 4;

const COLUMNS: readonly Column<AgentFigures>[] = [
  { title: "PROJECT", align: "left", cell: ({ project }) => project },
  { title: "AGENT", align: "left", cell: ({ agent }) => agent },
  { title: "CALLS", align: "right", cell: ({ calls }) => formatCount(calls) },
  {
    title: "TOKENS",
    align: "right",
    cell: ({ inputTokens, outputTokens }) => formatCount(inputTokens + outputTokens),
  },
  { title: "LEDGER", align: "right", cell: ({ ledgerUsd }) => dollars(ledgerUsd) },
  { title: "METRICS", align: "right", cell: ({ metricsUsd }) => dollars(metricsUsd) },
];

/** Spend and tokens by project and agent: the title, one line per agent, and their total. */
export function renderAgents(
  agents: readonly AgentFigures[],
  width: number,
  style: Style,
): string[] {
  const [title = "", ...lines] = renderTable([...agents, totalOf(agents)], COLUMNS, width);
  const total = lines.pop() ?? "";
  return [style("dim", title), ...lines, style("bold", total)];
}

/** Budgets as bars that fill. @param hidden - a budget that is not shown. */
export function renderBudgets(
  { budgets }: Figures,
  width: number,
  style: Style,
  hidden: string,
): string[] {
  const shown = budgets.filter(({ budget }) => budget !== hidden);
  const nameWidth = Math.min(16, widest(shown.map(({ budget }) => budget)));
  const fixedWidth = nameWidth + "  100%".length;
  const amounts = shown.map((budget) => `  ${describeUse(budget)}`);
  const roomForAmounts = width - fixedWidth - BAR_WIDTH_MIN >= widest(amounts);
  const barWidth = width - fixedWidth - (roomForAmounts ? widest(amounts) : 0);
  return shown.map((budget, index) => {
    const used = usedShare(budget);
    const percent = `${Math.round(used * 100)}%`.padStart(4);
    const bar = style(colourOf(used), renderBar(used, Math.max(1, barWidth)));
    const name = truncate(budget.budget, nameWidth).padEnd(nameWidth);
    return `${name} ${bar} ${percent}${roomForAmounts ? amounts[index] : ""}`;
  });
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}

function totalOf(rows: readonly AgentFigures[]): AgentFigures {
  const sum = (pick: (row: AgentFigures) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    project: "all",
    agent: "",
    calls: sum((row) => row.calls),
    inputTokens: sum((row) => row.inputTokens),
    outputTokens: sum((row) => row.outputTokens),
    ledgerUsd: sum((row) => row.ledgerUsd),
    metricsUsd: sum((row) => row.metricsUsd),
  };
}

function describeUse({ unit, spent, reserved, limit }: BudgetFigures): string {
  const used = spent + reserved;
  if (unit === "usd") return `${dollars(used)} of ${dollars(limit)}`;
  return `${formatCount(used)} of ${formatCount(limit)} ${unit}`;
}

function renderBar(used: number, width: number): string {
  const full = Math.min(width, Math.max(0, Math.floor(used * width)));
  return "█".repeat(full) + "░".repeat(width - full);
}

function colourOf(used: number): "green" | "yellow" | "red" {
  if (used >= 0.95) return "red";
  return used >= 0.5 ? "yellow" : "green";
}

function dollars(usd: number): string {
  return formatUsd(usdToNanoUsd(Math.max(0, usd)));
}

import { LEDGER_BUDGET, ORGANIZATION } from "../agents.ts";
import { renderAgents, renderBudgets } from "./figures-table.ts";
import type { DemoEvent, DemoState } from "./state.ts";
import { formatElapsed, truncate, wrap, type Style } from "./text.ts";

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const COLOURS = { done: "green", throttled: "yellow", refused: "red", failed: "red" } as const;
const EVENT_LINES_MAX = 4;

/** The whole live view as lines that fit the terminal. */
export function renderScreen(
  state: DemoState,
  { columns, rows }: ScreenSize,
  style: Style,
): string[] {
  const title = truncate(
    `Tollgate demo · ${ORGANIZATION} · ${formatElapsed(state.elapsedMs)}`,
    columns,
  );
  const top = [
    style("bold", title),
    truncate(`metrics ${state.metricsUrl}`, columns),
    "",
    ...renderAgents(state.figures.agents, columns, style),
    "",
    style("dim", "BUDGETS"),
    ...renderBudgets(state.figures, columns, style, LEDGER_BUDGET),
    "",
    style("dim", "LAST EVENTS"),
  ];
  const bottom = ["", style("dim", truncate("Ctrl-C stops everything", columns))];
  const room = rows - top.length - bottom.length;
  const events = renderEvents(state.events, columns, room, style);
  return [...top, ...events, ...bottom].slice(0, rows);
}

/** The newest events that fit into `room` lines, newest last. */
function renderEvents(
  events: readonly DemoEvent[],
  columns: number,
  room: number,
  style: Style,
): string[] {
  let lines: string[] = [];
  for (const event of events.toReversed()) {
    const more = renderEvent(event, columns, style);
    if (lines.length + more.length > room) break;
    lines = [...more, ...lines];
  }
  return lines;
}

function renderEvent(event: DemoEvent, columns: number, style: Style): string[] {
  const head = `${formatElapsed(event.elapsedMs)} ${event.agent.padEnd(11)}`;
  const indent = "      ";
  const [first = "", ...rest] = wrap(`${event.kind} ${event.text}`, columns - head.length - 1);
  const wrapped = wrap(rest.join(" "), columns - indent.length).map((line) => indent + line);
  const { length } = event.kind;
  const opening = style(COLOURS[event.kind], first.slice(0, length)) + first.slice(length);
  return [`${head} ${opening}`, ...wrapped].slice(0, EVENT_LINES_MAX);
}

import { formatElapsed, truncate } from "./text.ts";
import type { View } from "./state.ts";

const TOTALS_INTERVAL_MS = 10_000;
const LINE_CHARS = 400;

/** One line per event, and the totals now and then: for logs and pipes. */
export function createPlainView(write: (text: string) => void): View {
  let nextTotalsMs = TOTALS_INTERVAL_MS;
  return {
    event({ elapsedMs, agent, kind, text }) {
      const line = `${formatElapsed(elapsedMs)} ${agent.padEnd(11)} ${kind.padEnd(9)} ${text}`;
      write(`${truncate(line.trimEnd(), LINE_CHARS)}\n`);
    },
    update({ elapsedMs, figures }) {
      if (elapsedMs < nextTotalsMs) return;
      nextTotalsMs = elapsedMs + TOTALS_INTERVAL_MS;
      const calls = figures.agents.reduce((sum, agent) => sum + agent.calls, 0);
      const usd = figures.agents.reduce((sum, agent) => sum + agent.ledgerUsd, 0);
      const counts = `${calls} calls, $${usd.toFixed(4)}, ${figures.throttled} throttled, ${figures.refused} refused`;
      write(`${formatElapsed(elapsedMs)} ${"all".padEnd(11)} ${"total".padEnd(9)} ${counts}\n`);
    },
    close: () => undefined,
  };
}

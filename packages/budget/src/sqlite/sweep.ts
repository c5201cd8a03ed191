import type { Turn } from "./operations.ts";
import type { WindowRows } from "./window-rows.ts";

/** Windows looked at per reservation: more than the one that it may add. */
const PER_RESERVATION = 2;
/** They are read so many at a time. */
const AT_ONCE = 16;
/** After all were looked at: nothing that is new then can be taken out soon. */
const PAUSE_MS = 60_000;
/** How much longer than a reader is shown them empty counters are kept: time may step back. */
const KEPT_LONGER_MS = 23 * 3_600_000;

/** Takes windows out of the file that nobody needs any more, a few at a time, in the order of their ids. */
export function createSweep(windows: WindowRows): (turn: Turn) => void {
  // Processes that end soon would all look at the same few.
  let afterId = Math.floor(Math.random() * windows.highestId());
  let due = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  return ({ books, nowMs }) => {
    due += PER_RESERVATION;
    if (due < AT_ONCE || (nowMs < pausedUntilMs && pausedUntilMs - nowMs <= PAUSE_MS)) return;
    due = 0;
    const rows = windows.after(afterId, AT_ONCE);
    afterId = rows.at(-1)?.id ?? 0;
    for (const row of rows) books.forgetIdle(row, nowMs - KEPT_LONGER_MS);
    if (rows.length === AT_ONCE) return;
    afterId = 0;
    pausedUntilMs = nowMs + PAUSE_MS;
  };
}

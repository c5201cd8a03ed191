import { fixedWindow, isForgettable, stateOf } from "../memory/counter-record.ts";
import type { CounterState } from "../store/store.ts";
import type { WindowRow, WindowRows } from "./window-rows.ts";

/** Rows read per turn of the event loop. */
const PAGE_ROWS = 500;

/** All counters in their windows of now, a page per turn of the event loop. Each is exact; all are not read at one instant. */
export async function readStates(windows: WindowRows, nowMs: number): Promise<CounterState[]> {
  const states: CounterState[] = [];
  let last: WindowRow | undefined;
  let ofCounter: WindowRow[] = [];
  const finish = (): void => {
    const state = currentState(ofCounter, nowMs);
    if (state !== undefined) states.push(state);
    ofCounter = [];
  };
  for (;;) {
    const page = windows.page(last, PAGE_ROWS);
    for (const row of page) {
      if (last !== undefined && row.counter.key !== last.counter.key) finish();
      ofCounter.push(row);
      last = row;
    }
    if (page.length < PAGE_ROWS) break;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  finish();
  return states;
}

/** `undefined` when the counter has been empty for so long that nobody is to hear of it any more. */
function currentState(windows: readonly WindowRow[], nowMs: number): CounterState | undefined {
  const newest = windows.at(-1);
  if (newest === undefined || isForgettable(newest, nowMs)) return undefined;
  const { window } = newest.counter;
  if (window.kind !== "calendar") return stateOf(newest, nowMs);
  const { startMs } = fixedWindow(window, nowMs);
  return stateOf(windows.find(({ slot }) => slot === startMs) ?? newest, nowMs);
}

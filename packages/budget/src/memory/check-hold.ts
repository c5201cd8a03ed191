import type { Counter, Hold, HoldRefusal, ReserveRequest } from "../store/store.ts";
import type { Ruling } from "./controls.ts";
import { resetsAtMs, type CounterRecord } from "./counter-record.ts";
import type { Tally } from "./slot.ts";

/** How long a top-up's id is known. */
export const TOP_UP_KNOWN_MS: number = 24 * 3_600_000;

/** No limit reaches the amount that stands for "more than any limit". */
const HIGHEST_LIMIT = Number.MAX_SAFE_INTEGER - 1;

/** The limit in force, with the top-ups of the window. */
export function limitOf(counter: Counter, tally: Tally, ruling: Ruling | undefined): number {
  const limit = ruling === undefined ? counter.limit : ruling.limit;
  return tally.extra === 0 ? limit : Math.min(limit + tally.extra, HIGHEST_LIMIT);
}

export function takenOf({ spent, reserved }: Tally): number {
  return spent + reserved;
}

/** Why the request's hold does not pass in a counter whose window is open; `undefined` when it does. */
export function check(
  index: number,
  { holds, evenFrozen }: ReserveRequest,
  record: CounterRecord,
  ruling: Ruling | undefined,
): HoldRefusal | undefined {
  const hold = holds[index];
  if (hold === undefined) return undefined;
  const limit = limitOf(hold.counter, record.tally, ruling);
  const frozen = ruling?.frozen === true && evenFrozen !== true;
  const excess = excessOf(hold, record.tally, limit);
  if (!frozen && excess <= 0) return undefined;
  return {
    index,
    frozen,
    limit,
    remaining: limit - takenOf(record.tally),
    resetsAtMs: frozen ? ruling.frozenUntilMs : resetsAtMs(record, excess),
  };
}

/** By how much a hold is too large; it passes at 0 and below. */
function excessOf({ amount, check: kind }: Hold, tally: Tally, limit: number): number {
  switch (kind) {
    case "fit":
      return takenOf(tally) + amount - limit;
    case "unspent":
      return tally.spent - limit + 1;
    default:
      return 0;
  }
}

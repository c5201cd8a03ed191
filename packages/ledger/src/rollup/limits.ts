import type { CellValues } from "./dimensions.ts";

/** How many rows an hour may have in the roll-ups, per process that writes. */
export interface RollUpLimits {
  /** Combinations of values. @defaultValue 2,000 */
  readonly cellsPerHour?: number | undefined;
  /** Of tasks, of sessions and of commits each. @defaultValue 10,000 */
  readonly subjectsPerHour?: number | undefined;
}

export const DEFAULT_CELLS = 2_000;
export const DEFAULT_SUBJECTS = 10_000;

/** A count of one row stands still there: no sum of a year's rows is too large for a database. */
export const MAX_COUNT_OF_ROW = 1_000_000_000_000_000;
/** Likewise of money, which is summed in halves: 4.6 billion dollars. */
export const MAX_COST_OF_ROW: bigint = 2n ** 62n - 1n;

const NOTHING: CellValues = {
  organization: null,
  project: null,
  workstream: null,
  repository: null,
  agent: null,
  release: null,
  provider: null,
  model: null,
  outcome: null,
};

/** Where sums go that have no place of their own: to their organisation's rest, or, of too many of those, to one. */
export function overflowCell(
  cell: CellValues,
  cellsInHour: number,
  limit: number,
): { readonly cell: CellValues; readonly overflow: number } {
  return cellsInHour < 2 * limit
    ? { cell: { ...NOTHING, organization: cell.organization }, overflow: 1 }
    : { cell: NOTHING, overflow: 2 };
}

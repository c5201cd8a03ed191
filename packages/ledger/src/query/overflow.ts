import type { Dimension, EventFilter } from "../query.ts";
import { isSubject, SUBJECT_DIMENSIONS, type SubjectDimension } from "../rollup/dimensions.ts";
import { cellFilter } from "./cell-sums.ts";
import { withoutDays, type Pieces } from "./pieces.ts";
import type { Reads } from "./reads.ts";

/** Keys that roll-ups do not know. */
const EVENT_KEYS = ["user", "source", "refType", "refId"] as const;

export function subjectsOf(filter: EventFilter): readonly SubjectDimension[] {
  return SUBJECT_DIMENSIONS.filter((dimension) => filter[dimension] !== undefined);
}

/** Whether the roll-ups know all that is filtered by. */
export function isInRollUps(filter: EventFilter): boolean {
  const { state = "booked" } = filter;
  return (
    state === "booked" &&
    EVENT_KEYS.every((key) => filter[key] === undefined) &&
    subjectsOf(filter).length <= 1
  );
}

/** Whether what overflowed cannot be told from what does not match. */
export function isExcluded(filter: EventFilter, overflow: number): boolean {
  if (overflow === 0) return false;
  return cellFilter(filter).some(([dimension]) => overflow === 2 || dimension !== "organization");
}

/** Whether what overflowed would have to be told apart to group it. */
export function isUnknown(dimension: Dimension, overflow: number): boolean {
  if (isSubject(dimension)) return false;
  return overflow === 2 || (overflow === 1 && dimension !== "organization");
}

/** Whether the roll-ups of a time do not tell apart all tasks, sessions or commits. */
export async function hasSubjectOverflow(
  { build, rows }: Reads,
  subject: SubjectDimension,
  pieces: Pieces,
): Promise<boolean> {
  for (const { from, until } of withoutDays(pieces).hours) {
    const found = await rows(
      build
        .selectFrom("subject_total")
        .select("period")
        .where("subject_id", "=", 0)
        .where("kind", "=", SUBJECT_DIMENSIONS.indexOf(subject))
        .where("period", ">=", from)
        .where("period", "<", until)
        .limit(1),
    );
    if (found.length > 0) return true;
  }
  return false;
}

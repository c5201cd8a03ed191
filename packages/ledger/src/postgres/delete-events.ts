import { WAITING } from "../schema/tables.ts";
import type { Books } from "./book.ts";
import type { Session } from "./connection.ts";

const DELETED_AT_ONCE = 5_000;

export interface Portion {
  readonly count: number;
  readonly isDone: boolean;
}

/** Whole months at once, what is left of a month by portions; what waits stays. */
export async function deleteSome(
  session: Session,
  { schema, partitions }: Pick<Books, "schema" | "partitions">,
  beforeMs: number,
): Promise<Portion> {
  // As every writer does: no event of that time comes in meanwhile or later.
  await session.query(
    `UPDATE ${schema}.ledger_state SET deleted_before_ms = greatest(deleted_before_ms, $1)`,
    [beforeMs],
  );
  const dropped = await partitions.dropBefore(session, beforeMs);
  const deleted = await session.query(
    `DELETE FROM ${schema}.event WHERE time_ms < $1 AND sequence IN
      (SELECT sequence FROM ${schema}.event WHERE time_ms < $1 AND state <> ${WAITING} LIMIT ${DELETED_AT_ONCE})
      RETURNING sequence`,
    [beforeMs],
  );
  return { count: dropped + deleted.length, isDone: deleted.length < DELETED_AT_ONCE };
}

/** The keys of events that are gone. */
export async function deleteKeys(
  { query }: Session,
  { schema }: Pick<Books, "schema">,
  beforeMs: number,
): Promise<Portion> {
  await query(`SELECT id FROM ${schema}.ledger_state FOR UPDATE`);
  const deleted = await query(
    `DELETE FROM ${schema}.event_key WHERE time_ms < $1 AND sequence IN
      (SELECT k.sequence FROM ${schema}.event_key k WHERE k.time_ms < $1 AND NOT EXISTS
        (SELECT 1 FROM ${schema}.event e WHERE e.sequence = k.sequence AND e.time_ms = k.time_ms)
        LIMIT ${DELETED_AT_ONCE})
      RETURNING sequence`,
    [beforeMs],
  );
  return { count: deleted.length, isDone: deleted.length < DELETED_AT_ONCE };
}

import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { EventFilter } from "../query.ts";
import { BOOKED, STATES, type Tables } from "../schema/tables.ts";

/** The filter's keys and the columns they are held against. */
const COLUMNS = [
  ["organization", "organization"],
  ["project", "project"],
  ["task", "task"],
  ["workstream", "workstream"],
  ["repository", "repository"],
  ["agent", "agent"],
  ["session", "session"],
  ["user", "user"],
  ["commit", "commit"],
  ["release", "release"],
  ["refType", "ref_type"],
  ["refId", "ref_id"],
  ["provider", "provider"],
  ["model", "model"],
  ["source", "source"],
] as const;

/** Keys that have an index with the order of events. */
const INDEXED: readonly (keyof EventFilter)[] = ["task", "session", "commit", "refId"];

/** Whether an index leads to what a filter wants. */
export function isIndexed(filter: EventFilter): boolean {
  return INDEXED.some((key) => filter[key] !== undefined);
}

type Condition = (event: ExpressionBuilder<Tables, "event">) => Expression<SqlBool>;

/** What an event must be. */
export function eventConditions(filter: EventFilter): Condition {
  return (event) => {
    const state = filter.state === undefined ? BOOKED : STATES.indexOf(filter.state);
    const conditions: Expression<SqlBool>[] = [event("event.state", "=", state)];
    for (const [key, column] of COLUMNS) {
      const value = filter[key];
      if (value !== undefined) conditions.push(event(`event.${column}`, "=", value));
    }
    const { fromMs, untilMs } = filter;
    if (fromMs !== undefined) conditions.push(event("event.time_ms", ">=", Math.ceil(fromMs)));
    if (untilMs !== undefined) conditions.push(event("event.time_ms", "<", Math.ceil(untilMs)));
    return event.and(conditions);
  };
}

import { ATTRIBUTION_KEYS, type Attribution } from "@tollgate/core";
import type { EventRow } from "../schema/tables.ts";

export type AttributionColumn =
  | "organization"
  | "project"
  | "task"
  | "workstream"
  | "repository"
  | "agent"
  | "session"
  | "user"
  | "commit"
  | "release";

export type AttributionColumns = Pick<EventRow, AttributionColumn>;

/** What of an attribution has a column of its own; the rest is in the event's detail. */
export const ATTRIBUTION_COLUMNS: readonly AttributionColumn[] = ATTRIBUTION_KEYS.filter(
  (key) => key !== "checkpoint",
);

export function toColumns(attribution: Attribution): AttributionColumns {
  const columns: AttributionColumns = {
    organization: null,
    project: null,
    task: null,
    workstream: null,
    repository: null,
    agent: null,
    session: null,
    user: null,
    commit: null,
    release: null,
  };
  for (const column of ATTRIBUTION_COLUMNS) columns[column] = attribution[column] ?? null;
  return columns;
}

/** @param rest - what the columns do not say */
export function toAttribution(
  columns: AttributionColumns,
  rest: Attribution | undefined,
): Attribution {
  const attribution: { -readonly [Key in keyof Attribution]: Attribution[Key] } = { ...rest };
  for (const column of ATTRIBUTION_COLUMNS) {
    const value = columns[column];
    if (value !== null) attribution[column] = value;
  }
  return attribution;
}

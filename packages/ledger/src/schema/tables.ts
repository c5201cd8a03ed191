import type { EventState, RefType } from "../event.ts";
import type { CellDimension } from "../rollup/dimensions.ts";
import type { Measures } from "../rollup/measures.ts";
import type { TaskStatus } from "../work-item.ts";

/** How states are written. */
export const STATES: readonly EventState[] = ["waiting", "booked", "duplicate"];
export const WAITING = 0;
export const BOOKED = 1;
export const DUPLICATE = 2;

/** An event: what is filtered and summed by in columns, all of it as JSON in `detail`. */
export interface EventRow extends Measures {
  sequence: number;
  /** Of organisation and key; see `keyHash`. */
  key_hash: Uint8Array;
  state: number;
  /** Of waiting events. */
  due_ms: number | null;
  time_ms: number;
  received_ms: number;
  organization: string | null;
  project: string | null;
  task: string | null;
  workstream: string | null;
  repository: string | null;
  agent: string | null;
  session: string | null;
  user: string | null;
  commit: string | null;
  release: string | null;
  provider: string;
  model: string | null;
  outcome: string;
  source: string;
  ref_type: RefType | null;
  ref_id: string | null;
  /** Only where the key does not begin with it. */
  trace_id: string | null;
  detail: string;
}

/** Sums of a period. Of events that had no place of their own, see `overflow` of their cell. */
export interface TotalColumns extends Measures {
  cell_id: number;
  events: number;
  first_ms: number;
  last_ms: number;
}

export interface PeriodTotalRow extends TotalColumns {
  /** Hours, days or months since the epoch. */
  period: number;
}

export interface SubjectTotalRow extends TotalColumns {
  kind: number;
  /** Hours since the epoch. */
  period: number;
  /** 0: had no place of its own. */
  subject_id: number;
}

export interface CellRow extends Record<CellDimension, string | null> {
  id: number;
  fingerprint: string;
  /** 0: all is said; 1: only the organisation is; 2: nothing is. */
  overflow: number;
}

interface WorkItemRow {
  /** Empty for none. */
  organization: string;
  id: string;
  title: string | null;
  slug: string | null;
  repository: string | null;
  updated_ms: number;
}

export interface TaskRow extends WorkItemRow {
  workstream: string | null;
  status: TaskStatus;
}

/** The tables of a ledger, in either database. */
export interface Tables {
  event: EventRow;
  /** Postgres only: one index over all partitions of `event`. */
  event_key: { key_hash: Uint8Array; time_ms: number; sequence: number };
  cell: CellRow;
  subject: { id: number; kind: number; value: string };
  hour_total: PeriodTotalRow;
  day_total: PeriodTotalRow;
  month_total: PeriodTotalRow;
  subject_total: SubjectTotalRow;
  charge: { id: string; owner: string; created_ms: number; payload: string };
  sender: { sender: string; source: string; last_ms: number };
  /** Plain JSON in `value`. */
  document: { key: string; value: string; version: number; updated_ms: number };
  task: TaskRow;
  workstream: WorkItemRow;
  ledger_state: { id: number; last_sequence: number; deleted_before_ms: number };
}

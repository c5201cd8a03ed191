export type { EventState, LedgerEvent, RefType, StoredEvent } from "./event.ts";
export type {
  ChargesFor,
  DocumentChange,
  HeldEvent,
  Intake,
  HeardSender,
  KnownSpan,
  Ledger,
  PendingCharge,
  Recorded,
  Resolution,
  StoredDocument,
} from "./ledger.ts";
export type {
  Dimension,
  EventFilter,
  EventPage,
  GroupTotals,
  Page,
  Series,
  SeriesQuery,
  Summary,
  SummaryQuery,
  Totals,
} from "./query.ts";
export type { Task, TaskChange, TaskStatus, Workstream, WorkstreamChange } from "./work-item.ts";

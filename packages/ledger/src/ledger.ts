import type { LedgerEvent, StoredEvent } from "./event.ts";
import type {
  EventFilter,
  EventPage,
  Page,
  Series,
  SeriesQuery,
  Summary,
  SummaryQuery,
} from "./query.ts";
import type { Task, TaskChange, Workstream, WorkstreamChange } from "./work-item.ts";

/** What a budget is still to be charged for events that are booked: it survives a crash between the two. */
export interface PendingCharge {
  /** Unique; the charge is made under this id, so that it is made once. */
  readonly id: string;
  /** Who makes it; anybody may once it is old. */
  readonly owner: string;
  /** Plain JSON, for whoever wrote it to read again. */
  readonly payload: unknown;
}

/** Makes the charges for the events of a batch that are new; called within the transaction that books them, may be called again. */
export type ChargesFor = (fresh: readonly LedgerEvent[]) => readonly PendingCharge[];

/** What became of a batch. */
export interface Recorded {
  /**
   * Which, by its index, was new: of an intake or a resolution first those of `booked`, then those of `duplicates`, then
   * those of `held`; of a resolution new is what ended its wait now.
   */
  readonly fresh: readonly boolean[];
  /**
   * How many are from before a time whose events were deleted. They are not kept and count nowhere: nobody could tell
   * whether they did already.
   */
  readonly outdated: number;
}

/** An event that must wait before it counts. */
export interface HeldEvent {
  readonly event: LedgerEvent;
  readonly dueAtMs: number;
}

/** What came in together. What is there already, in whatever state, stays as it is. */
export interface Intake {
  /** Count at once. */
  readonly booked?: readonly LedgerEvent[] | undefined;
  readonly duplicates?: readonly LedgerEvent[] | undefined;
  readonly held?: readonly HeldEvent[] | undefined;
  /** Written with the events. */
  readonly documents?: readonly DocumentChange[] | undefined;
}

/** What became of events that waited. */
export interface Resolution {
  /** They count from now on; what is said here replaces what was held, under the same key. */
  readonly booked: readonly LedgerEvent[];
  readonly duplicates: readonly LedgerEvent[];
}

/** A span that tells of an inference, for finding out which of several tell of one. */
export interface HeardSender {
  readonly sender: string;
  readonly source: string;
  /** When one of its events was stored last. */
  readonly lastMs: number;
}

export interface KnownSpan {
  readonly key: string;
  readonly organization: string | undefined;
  readonly operation: LedgerEvent["operation"];
  readonly traceId: string;
  readonly spanId: string;
  readonly ancestors: readonly string[];
  readonly state: StoredEvent["state"];
  readonly source: string;
  readonly scope: string | undefined;
  readonly timeMs: number;
  readonly durationMs: number | undefined;
  readonly outcome: LedgerEvent["outcome"];
  readonly requestModel: string | undefined;
  readonly responseId: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** A document as it was written last. */
export interface StoredDocument {
  readonly value: unknown;
  /** 1, and one more with each change. */
  readonly version: number;
}

export interface DocumentChange {
  readonly key: string;
  /** Plain JSON. */
  readonly value: unknown;
  /** Written only if its version is still that; 0 if there must be none. */
  readonly ifVersion: number;
}

/**
 * Where usage events are kept: who spent what, on what, when. Everything is per organisation: a query without one sees all.
 *
 * Operations reject with a TollgateError `TOLLGATE_STORE_UNAVAILABLE` while the database is away; nothing was written then,
 * and they may be repeated: events are kept once by their key. What has resolved is durable.
 */
export interface Ledger {
  /** Books events, each at most once by its organisation and key, and adds them to the roll-ups. One transaction. */
  record(events: readonly LedgerEvent[], chargesFor?: ChargesFor): Promise<Recorded>;
  /**
   * Like `record`, in place, for a process that is about to end; only where the database can be written so.
   *
   * @returns whether the events are durable.
   */
  readonly recordNow?: ((events: readonly LedgerEvent[]) => boolean) | undefined;
  /** Keeps what came in together, in one transaction. `conflict`: a document was changed in between, and nothing is written. */
  take(intake: Intake, chargesFor?: ChargesFor): Promise<Recorded | "conflict">;
  /**
   * Ends the wait of events. One that is no longer waiting stays what it is; one that was never held is kept as it is
   * said here. One transaction.
   */
  resolve(resolution: Resolution, chargesFor?: ChargesFor): Promise<Recorded>;
  /** Waiting events whose time was over before a time, oldest first: those of a process that died. */
  overdue(beforeMs: number, limit: number): Promise<readonly StoredEvent[]>;
  /** All inference spans known of these traces, whatever their state. */
  spansOf(traceIds: readonly string[]): Promise<readonly KnownSpan[]>;
  /** When events of these senders were stored last, by their source. */
  sendersHeard(senders: readonly string[]): Promise<readonly HeardSender[]>;

  /** Charges that were not confirmed, of one owner, or of all that are older than a time. */
  pendingCharges(
    of: { readonly owner: string } | { readonly beforeMs: number },
  ): Promise<readonly PendingCharge[]>;
  confirmCharges(ids: readonly string[]): Promise<void>;

  events(filter: EventFilter, page: Page): Promise<EventPage>;
  /** All that match, in the order in which the ledger got them, read in portions. */
  scan(filter: EventFilter): AsyncIterable<StoredEvent>;
  summary(query: SummaryQuery): Promise<Summary>;
  /** Sums by hour or day, from the roll-ups. */
  series(query: SeriesQuery): Promise<readonly Series[]>;

  task(organization: string | undefined, id: string): Promise<Task | undefined>;
  putTask(organization: string | undefined, id: string, change: TaskChange): Promise<Task>;
  workstream(organization: string | undefined, id: string): Promise<Workstream | undefined>;
  putWorkstream(
    organization: string | undefined,
    id: string,
    change: WorkstreamChange,
  ): Promise<Workstream>;

  /** Small documents that all who share the ledger share, such as the budgets made while a collector runs; by key. */
  documents(keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /** Writes all or none. @returns false when one has been changed in between. */
  putDocuments(changes: readonly DocumentChange[]): Promise<boolean>;
  /** Deletes documents whose keys begin so and that were written last before a time. */
  deleteDocuments(prefix: string, beforeMs: number): Promise<number>;

  /** Deletes events older than a time; their sums stay in the roll-ups. In portions, so that nothing waits long. @returns how many. */
  deleteEventsBefore(timeMs: number): Promise<number>;
  close(): Promise<void>;
}

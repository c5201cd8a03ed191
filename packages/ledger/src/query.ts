import type { EventState, RefType, StoredEvent } from "./event.ts";

/** Which events. Every key that is said must match; times are the events' own, from inclusive, until exclusive. */
export interface EventFilter {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly workstream?: string | undefined;
  readonly repository?: string | undefined;
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly user?: string | undefined;
  readonly commit?: string | undefined;
  readonly release?: string | undefined;
  readonly refType?: RefType | undefined;
  readonly refId?: string | undefined;
  readonly provider?: string | undefined;
  /** The answering model, else the requested one. */
  readonly model?: string | undefined;
  readonly source?: string | undefined;
  /** @defaultValue `booked` */
  readonly state?: EventState | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

export interface Page {
  /** @defaultValue 100, at most 1,000 */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** By when the ledger got them, also those that were held first. @defaultValue `desc` */
  readonly order?: "asc" | "desc" | undefined;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** `undefined` on the last page. */
  readonly nextCursor: string | undefined;
}

/** What sums can be grouped by. */
export type Dimension =
  | "organization"
  | "project"
  | "task"
  | "workstream"
  | "repository"
  | "agent"
  | "session"
  | "commit"
  | "release"
  | "provider"
  | "model"
  | "outcome";

/** Sums over events. A count nobody reported adds nothing; `estimatedEvents` and `unpricedEvents` say how far to trust them. */
export interface Totals {
  readonly events: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Whole nano-USD, of the priced events. */
  readonly costNanoUsd: number;
  readonly estimatedEvents: number;
  readonly unpricedEvents: number;
  readonly failedEvents: number;
  readonly toolCalls: number;
  /**
   * True when a sum is too large to be told: money stands at 2⁵³ − 1 nano-USD then (the ledger has the exact sum: ask for
   * shorter times or by group), and a count of 10¹⁵ or more may be higher.
   */
  readonly clamped?: true | undefined;
}

export interface GroupTotals extends Totals {
  /** `undefined` for the events that do not say. */
  readonly value: string | undefined;
  /**
   * True for events whose values nobody knows any more: there were more in their hour than roll-ups keep, and the
   * events are deleted.
   */
  readonly overflow?: true | undefined;
}

export interface SummaryQuery extends EventFilter {
  /** @defaultValue `[]` */
  readonly by?: readonly Dimension[] | undefined;
  /** Groups per dimension, the dearest first. @defaultValue 50 */
  readonly top?: number | undefined;
}

export interface Summary extends Totals {
  readonly by: Readonly<Partial<Record<Dimension, readonly GroupTotals[]>>>;
  /**
   * True when some deleted events may have matched: there were more values in their hour than roll-ups keep. They are in
   * no sum here.
   */
  readonly incomplete?: true | undefined;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

export interface SeriesQuery extends EventFilter {
  readonly step: "hour" | "day";
  readonly by?: Dimension | undefined;
  /** IANA zone in which a day is cut. @defaultValue `UTC` */
  readonly timezone?: string | undefined;
}

export interface Series {
  readonly value: string | undefined;
  readonly points: readonly (Totals & { readonly timeMs: number })[];
}

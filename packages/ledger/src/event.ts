import type { UsageEvent } from "@tollgate/core";

/**
 * - `waiting`: durable, but in no sum yet: a call inside it may still turn up that tells of the same tokens.
 * - `booked`: counts.
 * - `duplicate`: another event tells of the same tokens; kept to be seen, never in a sum.
 */
export type EventState = "waiting" | "booked" | "duplicate";

/** What a self-report says its tokens were for. */
export type RefType = "task" | "workstream" | "commit" | "release" | "session";

/** A usage event as the ledger keeps it. */
export interface LedgerEvent extends UsageEvent {
  /**
   * Together with the organisation it is unique, whoever reports: `call:<call id>`, `span:<trace id>:<span id>`, or what
   * else identifies it at its source. An event whose key is there already is not stored again.
   */
  readonly key: string;
  /** Who told: `instrumentation`, the id of a dialect of telemetry, or `report`. */
  readonly source: string;
  /** The telemetry's sender, such as its `service.instance.id` or session; tells its spans from another's. */
  readonly sender?: string | undefined;
  /** The instrumentation that told, where one sender has several: the name of its OpenTelemetry scope. */
  readonly scope?: string | undefined;
  /** Span ids around this one's span, the nearest first, as far as they are known; at most eight. */
  readonly ancestors?: readonly string[] | undefined;
  readonly refType?: RefType | undefined;
  readonly refId?: string | undefined;
  readonly note?: string | undefined;
}

/** An event with what the ledger says of it. */
export interface StoredEvent extends LedgerEvent {
  /** Grows with every event of a ledger; cursors are made of it. */
  readonly sequence: number;
  readonly state: EventState;
  /** When the ledger got it, milliseconds since the epoch. */
  readonly receivedMs: number;
  /**
   * What was not as it must be and was changed on the way in, in words, such as `usage.inputTokens: NaN`: absurd counts
   * are unknown then, overlong text is cut, NUL is U+FFFD.
   */
  readonly cleaned?: readonly string[] | undefined;
}

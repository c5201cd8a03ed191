import type {
  Attribution,
  CallOutcome,
  GenAiOperation,
  PriceSource,
  TokenUsage,
} from "@tollgate/core";
import type { LogRecord, PointRecord, SpanRecord } from "../otlp/records.ts";

/** What a sender told of one call, or of an amount of tokens that its metrics added up. */
export interface Sighting {
  /** `tollgate.call.id`: our own instrumentation made the call, priced it and charged it. */
  readonly callId?: string | undefined;
  /** What the record is known by at its sender, where that is no span. */
  readonly key?: string | undefined;
  /** Which calls belong together when a sender tells of them twice over, such as its session id. */
  readonly sender?: string | undefined;
  /**
   * True for tokens that metrics added up: they are of an unknown number of calls, and so count in sums of tokens
   * and money but never as a call. Kinds of tokens that the point does not count are 0, since others count them.
   */
  readonly addedUp?: boolean | undefined;
  /** `gen_ai.provider.name`, however the sender spells it. */
  readonly provider: string | undefined;
  readonly operation: GenAiOperation;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly serviceTier?: string | undefined;
  /** In our convention: all input, cached included; all output, reasoning included. */
  readonly usage: TokenUsage | undefined;
  readonly estimated?: boolean | undefined;
  /** What the sender says it cost, whole nano-USD; it counts in place of a price of ours. */
  readonly costNanoUsd?: number | undefined;
  readonly priceSource?: PriceSource | undefined;
  readonly timeMs: number;
  readonly durationMs: number | undefined;
  readonly timeToFirstChunkMs?: number | undefined;
  readonly streaming: boolean;
  readonly outcome: CallOutcome;
  readonly errorType?: string | undefined;
  readonly finishReasons?: readonly string[] | undefined;
  readonly toolCalls?: readonly string[] | undefined;
  /** What the dialect itself says: agent, session, user. Rules and `tollgate.*` attributes come on top. */
  readonly attribution?: Attribution | undefined;
}

/** A field of a dialect and what it becomes, for the table in the docs. */
export interface DialectField {
  readonly source: string;
  readonly becomes: string;
}

/** Attributes of spans and logs, by name; nothing else of a record's attributes is looked at. */
export interface AttributeNames {
  readonly names: readonly string[];
  /** What names begin with of which any may be read. */
  readonly prefixes?: readonly string[];
}

export type Signal = "spans" | "logs" | "metrics";

/**
 * One way in which senders tell of model calls, read into ours. Pure; what is missing or makes no sense is left out,
 * nothing throws on foreign data. The first dialect that claims a record reads it.
 */
export interface Dialect {
  /** Stable, such as `openinference`; the ledger's `source`. */
  readonly id: string;
  readonly about: {
    readonly title: string;
    /** Who writes it, with versions that were looked at and where it is documented. */
    readonly senders: string;
    /**
     * How well it is known. `run`: tests run a sender against a fake provider and compare. `source`: read in a sender's
     * own code. `documentation`: read in its documentation alone.
     */
    readonly evidence: "run" | "source" | "documentation";
    readonly fields: readonly DialectField[];
    /** Which of its signals counts when a sender sends several, in words. */
    readonly counts: string;
    /** What a reader of the sums should know. */
    readonly limits?: readonly string[];
  };
  /** The attributes of spans and logs that it reads, to decide and to tell. */
  readonly reads: AttributeNames;
  /** Whether a span is one of this dialect: cheap, asked for every span. */
  claimsSpan?(span: SpanRecord): boolean;
  /** @returns `undefined` for a span of this dialect that is no model call. */
  readSpan?(span: SpanRecord): Sighting | undefined;
  claimsLog?(log: LogRecord): boolean;
  /** @returns without a key: what the log's trace and span ids name, since it was written inside the span of its call. */
  readLog?(log: LogRecord): Sighting | undefined;
  claimsPoint?(point: PointRecord): boolean;
  /** @param amount - what the point's series grew by, which is a number of its own for cumulative sums. */
  readPoint?(point: PointRecord, amount: number): Sighting | undefined;
  /**
   * Its signals, most trusted first: of one sender only the first that it sends counts.
   *
   * @defaultValue `["spans"]`
   */
  readonly prefers?: readonly Signal[];
  /**
   * True when what it reads is told by spans or logs too, in whatever dialect: it counts only for a resource of which
   * no dialect before it in the list has told of calls.
   *
   * @defaultValue false
   */
  readonly lastResort?: boolean;
}

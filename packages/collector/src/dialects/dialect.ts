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
  /** As the sender spells it; it is made `gen_ai.provider.name` later. */
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
    readonly fields: readonly DialectField[];
    /** Which of its signals counts when a sender sends several, in words. */
    readonly counts: string;
  };
  /** Whether a span is one of this dialect: cheap, asked for every span. */
  claimsSpan?(span: SpanRecord): boolean;
  /** @returns `undefined` for a span of this dialect that is no model call. */
  readSpan?(span: SpanRecord): Sighting | undefined;
  claimsLog?(log: LogRecord): boolean;
  readLog?(log: LogRecord): Sighting | undefined;
  claimsPoint?(point: PointRecord): boolean;
  /** @param amount - what the point's series grew by, which is a number of its own for cumulative sums. */
  readPoint?(point: PointRecord, amount: number): Sighting | undefined;
  /**
   * Its signals, most trusted first: of one sender only the first that it sends counts.
   *
   * @defaultValue `["spans"]`
   */
  readonly prefers?: readonly ("spans" | "logs" | "metrics")[];
}

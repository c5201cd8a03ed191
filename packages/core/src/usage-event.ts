import type { Attribution } from "./attribution.ts";
import type { GenAiOperation } from "./call.ts";
import type { CallCost } from "./cost.ts";
import type { ModelUsage, TokenUsage } from "./usage.ts";

/**
 * How a call ended.
 *
 * - `ok`: a whole answer.
 * - `error`: an error status, a network failure or a stream that broke.
 * - `cancelled`: the app aborted, or left a stream before its end.
 * - `refused`: a budget refused it; nothing left the process and nothing was spent.
 * - `pending`: the provider took the work and does it in the background. What it used is not known
 *   yet: nothing is estimated, and another event says it when the result is fetched.
 */
export type CallOutcome = "ok" | "error" | "cancelled" | "refused" | "pending";

/** One physical call to a provider: what the metrics count and the ledger keeps. */
export interface UsageEvent {
  /**
   * Unique per physical attempt; also `tollgate.call.id` and the id of its budget lease. Of a fetched
   * result it is made from the provider's own id, and so the same whoever fetches it.
   */
  readonly id: string;
  /**
   * True for a result that was made earlier and fetched now: a response made in the background, a line
   * of a batch.
   */
  readonly fetched?: boolean | undefined;
  /** When the call left, milliseconds since the epoch. */
  readonly timeMs: number;
  readonly attribution: Attribution;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  readonly operation: GenAiOperation;
  /** Which wire format spoke, such as `openai.chat`. */
  readonly api: string;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly streaming: boolean;
  /** `undefined` when nothing was used or nothing is known. */
  readonly usage: TokenUsage | undefined;
  readonly additionalUsage: readonly ModelUsage[];
  /** True when `usage` was estimated because the provider did not say. */
  readonly estimated: boolean;
  readonly cost: CallCost;
  readonly outcome: CallOutcome;
  /** HTTP status, provider error type or exception name; `undefined` when `ok`. */
  readonly errorType: string | undefined;
  readonly finishReasons: readonly string[];
  readonly toolCalls: readonly string[];
  /**
   * From leaving to the end of the answer; waiting for a throttled budget is not in it. `undefined` for
   * a fetched result: the time of a download says nothing of the model.
   */
  readonly durationMs: number | undefined;
  /** Streams only: until the first chunk. */
  readonly timeToFirstChunkMs: number | undefined;
  /** Streams only: network chunks of the body. */
  readonly chunks: number | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Of the span around the call's own, where there is one. */
  readonly parentSpanId?: string | undefined;
  /**
   * How many calls it tells of: 0 for an amount that a sender's metrics added up.
   *
   * @defaultValue `1`
   */
  readonly calls?: number | undefined;
}

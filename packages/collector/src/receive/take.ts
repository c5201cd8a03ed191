import type { OtlpBatch } from "../otlp/records.ts";
import type { Caller } from "./caller.ts";

/** What became of a batch. */
export type Taken =
  | {
      /** It is kept: the sender is told so, and forgets it. */
      readonly outcome: "taken";
      /** Records that were left out of it. @defaultValue 0 */
      readonly rejected?: number | undefined;
      /** Why, told to the sender. */
      readonly reason?: string | undefined;
    }
  | {
      /** Nothing is kept; the sender shall come again. */
      readonly outcome: "busy" | "unavailable";
      /** @defaultValue `retryAfterMs` of the receiver's limits */
      readonly retryAfterMs?: number | undefined;
    };

/**
 * Takes what one request brought. The sender is answered only when this has resolved, so resolve when the batch is
 * durable. A rejection counts as `unavailable`.
 */
export type Take = (batch: OtlpBatch, caller: Caller) => Promise<Taken>;

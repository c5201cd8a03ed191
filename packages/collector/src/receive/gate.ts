import { diag } from "@opentelemetry/api";
import { refuse, type Refused } from "./answer.ts";
import type { Authenticate, Caller, Presented } from "./caller.ts";
import type { ReceiverLimits } from "./limits.ts";
import type { Queue } from "./queue.ts";

/** Who may come in, before a body is read. */
export interface Gate {
  /** From now on nobody. */
  close(): void;
  /** Whether a request may come in at all. */
  closed(): Refused | undefined;
  identify(presented: Presented): Promise<Caller | Refused>;
  /** What those are told who have no room. */
  readonly full: Refused;
}

export function createGate(
  authenticate: Authenticate,
  queue: Queue,
  { retryAfterMs }: Pick<ReceiverLimits, "retryAfterMs">,
): Gate {
  let open = true;
  const full = refuse("busy", "the collector is busy; send this again later", retryAfterMs);
  return {
    close() {
      open = false;
    },
    closed() {
      if (open) return queue.hasRoom("", 0) ? undefined : full;
      return refuse("unavailable", "the collector is shutting down", retryAfterMs);
    },
    async identify(presented) {
      try {
        const result = await authenticate(presented);
        return result.known ? result.caller : refuse(result.refusal, result.reason);
      } catch (error) {
        diag.error("tollgate: a sender could not be authenticated", error);
        return refuse("unavailable", "the collector cannot check who you are now", retryAfterMs);
      }
    },
    full,
  };
}

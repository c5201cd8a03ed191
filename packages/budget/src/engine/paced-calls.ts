import type { Clock } from "@tollgate/core";
import type { Pace } from "./pace.ts";

/** Calls that have their holds and leave later. */
export interface PacedCalls {
  /** Rejects with the signal's reason when the app aborts. */
  sleep(pace: Pace, signal: AbortSignal | undefined): Promise<void>;
  /** Lets those of one budget leave at once, or all. */
  wake(budget: string | undefined): void;
}

export function createPacedCalls(clock: Clock): PacedCalls {
  const sleeping = new Map<AbortController, string>();

  return {
    async sleep({ budget, delayMs }, signal) {
      const awake = new AbortController();
      sleeping.set(awake, budget);
      try {
        await clock.sleep(
          delayMs,
          signal === undefined ? awake.signal : AbortSignal.any([signal, awake.signal]),
        );
      } catch (error) {
        if (signal?.aborted || !awake.signal.aborted) throw error;
      } finally {
        sleeping.delete(awake);
      }
    },
    wake(budget) {
      for (const [awake, pacedBy] of sleeping) {
        if (budget === undefined || budget === pacedBy) awake.abort();
      }
    },
  };
}

import { diag } from "@opentelemetry/api";
import type { LedgerEvent } from "@tollgate/ledger";

/** Tells those who listen of every event that is booked, from now on. */
export interface Feed {
  publish(event: LedgerEvent): void;
  /** @returns a function that ends it. */
  subscribe(listener: (event: LedgerEvent) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(event: LedgerEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          diag.warn("tollgate: a listener to usage failed", error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

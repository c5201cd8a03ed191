import { diag } from "@opentelemetry/api";

/** Listeners of one kind of news. */
export interface Listeners<Event> {
  /** @returns a function that takes the listener off again. */
  add(listener: (event: Event) => void): () => void;
  readonly any: boolean;
  /** Tells all of them after the running step is done. What a listener throws goes to `diag`. */
  tell(event: Event): void;
}

export function createListeners<Event>(about: string): Listeners<Event> {
  const listeners = new Set<(event: Event) => void>();

  function deliver(event: Event): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        diag.error(`tollgate: a listener for ${about} failed`, error);
      }
    }
  }

  return {
    add(listener) {
      // Wrapped, so that one function may listen twice and leave once.
      const own = (event: Event): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    get any() {
      return listeners.size > 0;
    },
    tell(event) {
      if (listeners.size > 0) queueMicrotask(() => deliver(event));
    },
  };
}

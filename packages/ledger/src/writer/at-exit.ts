const flushers = new Set<() => void>();

/** What ends a process that does not listen. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

function flushAll(): void {
  for (const flush of flushers) flush();
}

/** An app that listens decides itself when it ends; where nobody does, the signal ends the process as it always did. */
function onSignal(signal: NodeJS.Signals): void {
  flushAll();
  if (process.listenerCount(signal) > 1) return;
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

/**
 * Calls back when the process exits by itself, by `process.exit`, by an error or by a signal; only what is synchronous
 * is done. May call back more than once.
 *
 * @returns a function that takes the callback off again.
 */
export function atExit(flush: () => void): () => void {
  if (flushers.size === 0) {
    process.on("exit", flushAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  flushers.add(flush);
  return () => {
    flushers.delete(flush);
    if (flushers.size > 0) return;
    process.off("exit", flushAll);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

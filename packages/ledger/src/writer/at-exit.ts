const flushers = new Set<() => void>();
const onSignals = new Set<() => void>();

/** What ends a process that does not listen. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

function flushAll(): void {
  for (const flush of flushers) flush();
}

/** An app that listens decides itself when it ends; where nobody does, the signal ends the process as it always did. */
function onSignal(signal: NodeJS.Signals): void {
  for (const flush of onSignals) flush();
  if (process.listenerCount(signal) > 1) return;
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

/**
 * Calls back when the process exits by itself, by `process.exit` or by an error; only what is synchronous is done. May
 * call back more than once.
 *
 * @param andOnSignals - on signals that end it, too.
 * @returns a function that takes the callback off again.
 */
export function atExit(flush: () => void, andOnSignals: boolean): () => void {
  if (flushers.size === 0) process.on("exit", flushAll);
  flushers.add(flush);
  if (andOnSignals) {
    if (onSignals.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
    onSignals.add(flush);
  }
  return () => {
    flushers.delete(flush);
    if (flushers.size === 0) process.off("exit", flushAll);
    if (!onSignals.delete(flush) || onSignals.size > 0) return;
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

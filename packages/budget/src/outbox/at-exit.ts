const flushers = new Set<() => void>();

function flushAll(): void {
  // What was opened last stands above the others, and hands them what it has.
  for (const flush of [...flushers].toReversed()) flush();
}

/**
 * Calls back when the process exits by itself, by `process.exit` or by an error; only what is synchronous is done.
 *
 * @returns a function that takes the callback off again.
 */
export function atExit(flush: () => void): () => void {
  if (flushers.size === 0) process.on("exit", flushAll);
  flushers.add(flush);
  return () => {
    flushers.delete(flush);
    if (flushers.size === 0) process.off("exit", flushAll);
  };
}

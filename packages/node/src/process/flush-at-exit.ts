import { diag } from "@opentelemetry/api";

type Flush = () => Promise<unknown>;

const FLUSH_LIMIT_MS = 3_000;
/** What ends a process that does not listen. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const flushes = new Set<Flush>();

/**
 * Exports and writes what waits when the process is about to end: at `beforeExit`, and at signals as far as the app leaves
 * them to us. A signal that the app handles stays the app's; one that nobody handles still ends the process by that
 * signal, once all that is to be flushed is.
 *
 * @returns a function that takes it off again.
 */
export function flushAtExit(flush: Flush): () => void {
  if (flushes.size === 0) listen();
  flushes.add(flush);
  return () => {
    flushes.delete(flush);
    if (flushes.size === 0) stopListening();
  };
}

function listen(): void {
  process.once("beforeExit", flushAll);
  for (const signal of SIGNALS) process.once(signal, flushOn);
}

function stopListening(): void {
  process.off("beforeExit", flushAll);
  for (const signal of SIGNALS) process.off(signal, flushOn);
}

function flushAll(): void {
  void flushWithin();
}

function flushOn(signal: NodeJS.Signals): void {
  const appHandlesIt = process.listenerCount(signal) > 0;
  void flushThen(() => {
    if (!appHandlesIt) process.kill(process.pid, signal);
  });
}

async function flushThen(end: () => void): Promise<void> {
  await flushWithin();
  end();
}

async function flushWithin(): Promise<void> {
  const limit = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_LIMIT_MS).unref());
  await Promise.race([Promise.all([...flushes].map(flushOne)), limit]);
}

async function flushOne(flush: Flush): Promise<void> {
  try {
    await flush();
  } catch (error) {
    diag.error("tollgate: the last export failed", error);
  }
}

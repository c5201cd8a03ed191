import { diag } from "@opentelemetry/api";

const FLUSH_LIMIT_MS = 3_000;

/**
 * Exports what waits when the process is about to end: at `beforeExit`, and at SIGTERM and SIGINT as far as
 * the app leaves them to us. A signal that the app handles stays the app's; one that nobody handles still
 * ends the process by that signal.
 */
export function flushAtExit(flush: () => Promise<void>): void {
  const flushWithin = async (): Promise<void> => {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_LIMIT_MS).unref());
    const flushed = flush().catch((error: unknown) => {
      diag.error("tollgate: the last export failed", error);
    });
    await Promise.race([flushed, limit]);
  };

  const flushOn = async (signal: NodeJS.Signals): Promise<void> => {
    const appHandlesIt = process.listenerCount(signal) > 0;
    await flushWithin();
    if (!appHandlesIt) process.kill(process.pid, signal);
  };

  process.once("beforeExit", () => void flushWithin());
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void flushOn(signal));
  }
}

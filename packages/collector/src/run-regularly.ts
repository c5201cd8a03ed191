import { diag } from "@opentelemetry/api";

/** Does something again and again, one time after the other; what it throws is told and forgotten. @returns ends it. */
export function runRegularly(everyMs: number, what: string, run: () => Promise<void>): () => void {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    run()
      .catch((error: unknown) => diag.warn(`tollgate: ${what} failed, and is tried again`, error))
      .finally(() => (isRunning = false));
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

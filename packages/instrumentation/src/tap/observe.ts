import { diag } from "@opentelemetry/api";

/** Runs telemetry code: what it throws goes to `diag`, never to the app. */
export function guarded<Result>(what: string, run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    diag.error(`tollgate: ${what} failed`, error);
    return undefined;
  }
}

/**
 * Watches a promise of the app's without getting between: the app keeps the original one, and its
 * reactions run after ours, at the time they would have run without us.
 */
export function observe<Value>(
  promise: Promise<Value>,
  onValue: (value: Value) => void,
  onError: (error: unknown) => void,
): void {
  promise.then(
    (value) => guarded("reading an answer", () => onValue(value)),
    (error: unknown) => guarded("reading a failure", () => onError(error)),
  );
}

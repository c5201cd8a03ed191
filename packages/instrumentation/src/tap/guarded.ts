import { diag } from "@opentelemetry/api";

/** Runs telemetry code: what it throws goes to `diag`, never to the app. */
export function guarded<Result>(what: string, run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    reportFailure(what, error);
    return undefined;
  }
}

/** For code that runs too often for a closure around it. */
export function reportFailure(what: string, error: unknown): void {
  diag.error(`tollgate: ${what} failed`, error);
}

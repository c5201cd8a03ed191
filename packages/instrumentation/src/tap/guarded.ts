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

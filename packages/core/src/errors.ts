/** Machine-readable reason. Adding one is a minor change; renaming one is major. */
export type ErrorCode =
  | "TOLLGATE_CONFIG_INVALID"
  | "TOLLGATE_CONFIG_UNREADABLE"
  | "TOLLGATE_POLICY_INVALID"
  | "TOLLGATE_PRICES_REFUSED"
  | "TOLLGATE_ADDRESS_UNAVAILABLE"
  | "TOLLGATE_BUDGET_UNKNOWN"
  | "TOLLGATE_OPERATION_INVALID"
  | "TOLLGATE_CURSOR_INVALID"
  | "TOLLGATE_QUERY_INVALID"
  | "TOLLGATE_STORE_CORRUPT"
  | "TOLLGATE_STORE_UNAVAILABLE"
  | "TOLLGATE_STREAM_STOPPED";

/** What this project throws when something is broken. Branch on `code`, never on `message`. */
export class TollgateError extends Error {
  override readonly name = "TollgateError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Works across duplicated copies of this package, where `instanceof` does not. */
export function isTollgateError(error: unknown): error is TollgateError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("TOLLGATE_")
  );
}

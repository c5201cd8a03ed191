/** What a rejected fetch tells of the call. */
export interface SendFailure {
  /** Aborted by the app or by a time limit that it set. */
  readonly cancelled: boolean;
  /** The request provably never reached the provider, so nothing is billed. */
  readonly unbilled: boolean;
  /** For `error.type`. */
  readonly errorType: string;
}

/** Error codes of Node and undici that come before the request is written. */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_INVALID_ARG",
  "ERR_INVALID_URL",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

export function classifySendFailure(error: unknown): SendFailure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "Error";
  if (name === "AbortError" || name === "TimeoutError") {
    return { cancelled: true, unbilled: false, errorType: name };
  }
  const code = errorCode(error);
  return {
    cancelled: false,
    unbilled: code === undefined ? isWrongCall(error) : BEFORE_SENDING.has(code),
    errorType: code ?? name,
  };
}

/** fetch wraps the cause: `TypeError: fetch failed` around `{ code: "ECONNREFUSED" }`, or around several tries. */
function errorCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 3) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("errors" in error && Array.isArray(error.errors))
    return errorCode(error.errors[0], depth + 1);
  return "cause" in error ? errorCode(error.cause, depth + 1) : undefined;
}

/** fetch rejects wrong arguments with a bare TypeError; what the network does to it has a cause. */
function isWrongCall(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined;
}

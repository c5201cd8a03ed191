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

/** @param aborted - whether the request's own signal says so: an app may abort with any reason. */
export function classifySendFailure(error: unknown, aborted = false): SendFailure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "Error";
  const codes = errorCodes(error);
  const unsent = codes.find((code) => BEFORE_SENDING.has(code));
  if (unsent !== undefined) return { cancelled: false, unbilled: true, errorType: unsent };
  if (aborted || isTimeLimit(error, name)) {
    return { cancelled: true, unbilled: false, errorType: name === "Error" ? "AbortError" : name };
  }
  const [code] = codes;
  return {
    cancelled: false,
    unbilled: code === undefined && isWrongCall(error),
    errorType: code ?? name,
  };
}

/** Types of node-fetch 2's errors about its own `timeout` option. */
const NODE_FETCH_TIMEOUTS: ReadonlySet<unknown> = new Set(["request-timeout", "body-timeout"]);

function isTimeLimit(error: unknown, name: string): boolean {
  if (name === "AbortError" || name === "TimeoutError") return true;
  return name === "FetchError" && NODE_FETCH_TIMEOUTS.has(Reflect.get(Object(error), "type"));
}

/**
 * From the outside in: fetch wraps the cause, as in `TypeError: fetch failed` around `{ code: "ECONNREFUSED" }`
 * or around several tries, and HTTP/2 gives both the stream's code and the connection's.
 */
function errorCodes(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 3) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const [first]: unknown[] = "errors" in error && Array.isArray(error.errors) ? error.errors : [];
  const inner = first ?? ("cause" in error ? error.cause : undefined);
  return [...own, ...errorCodes(inner, depth + 1)];
}

/** fetch rejects wrong arguments with a bare TypeError; what the network does to it has a cause. */
function isWrongCall(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined;
}

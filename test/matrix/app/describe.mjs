import { isBudgetExceeded } from "@tollgate/core";
import { SILENCE } from "../silence.ts";

const TOLD = [
  "name",
  "message",
  "status",
  "statusCode",
  "status_code",
  "code",
  "type",
  "error",
  "body",
  "data",
  "responseBody",
  "isRetryable",
  "reason",
  "lc_error_code",
];
const MAX_DEPTH = 4;

/** What a program can tell of an error. */
export function describeError(error, depth = 0) {
  if (typeof error !== "object" || error === null) return { notAnError: String(error) };
  const inner = (value) =>
    value instanceof Error && depth < MAX_DEPTH ? describeError(value, depth + 1) : undefined;
  return {
    class: error.constructor.name,
    ...Object.fromEntries(TOLD.map((key) => [key, plain(error[key])])),
    // AWS's; how long its retries waited is by chance.
    httpStatusCode: error.$metadata?.httpStatusCode,
    attempts: error.$metadata?.attempts,
    fault: error.$fault,
    hasHeaders: error.headers instanceof Headers,
    cause: inner(error.cause),
    errors: error.errors?.length,
    lastError: inner(error.lastError),
    budgetExceeded: isBudgetExceeded(error),
  };
}

/** Responses and streams say nothing as JSON, and errors as little. */
function plain(value) {
  if (value instanceof Error) return { class: value.constructor.name, message: value.message };
  return value instanceof Response || value instanceof ReadableStream ? "a stream" : value;
}

/** Everything that an async iterable gives, and the error that ended it. */
export async function collect(iterable, onItem = () => {}) {
  const items = [];
  try {
    for await (const item of iterable) {
      items.push(item);
      if (onItem(items.length) === "break") break;
    }
    return { items };
  } catch (error) {
    return { items, thrown: describeError(error) };
  }
}

/** Everything that came before the app gave up, once the provider has fallen silent. */
export async function collectUntil(iterable, abort) {
  let scheduled = false;
  const items = [];
  try {
    for await (const item of iterable) {
      items.push(item);
      if (scheduled || !JSON.stringify(item).includes(SILENCE)) continue;
      scheduled = true;
      // What the client makes of the same chunk comes first.
      setTimeout(() => abort(), 20);
    }
    return { items };
  } catch (error) {
    return { items, thrown: describeError(error) };
  }
}

/** What a program can tell of a response without reading it. */
export function describeResponse(response, Response = globalThis.Response) {
  return {
    isResponse: response instanceof Response,
    class: response.constructor.name,
    tag: Object.prototype.toString.call(response),
    status: response.status,
    ok: response.ok,
    url: response.url.replace(/:\d+/, ""),
    redirected: response.redirected,
    type: response.type,
    bodyUsed: response.bodyUsed,
    contentType: response.headers.get("content-type"),
    ownKeys: Reflect.ownKeys(response).map(String),
  };
}

import { matchCall } from "@tollgate/wire";

/** What clients also send, and no model answers. */
const NO_CALL = /^\/v1\/files(?:\?|$)/;

/** Whether a request is sent to a model, as far as its path tells. */
export function isCall({ method, path }: { method: string; path: string }): boolean {
  return method === "POST" && !NO_CALL.test(path);
}

/** Whether a request is a call that the meter can read. */
export function isRead({ method, path }: { method: string; path: string }): boolean {
  return matchCall(method, `http://127.0.0.1${path}`) !== undefined;
}

import { matchCall } from "@tollgate/wire";

/** Whether a request is a call that the meter can read. */
export function isRead({ method, path }: { method: string; path: string }): boolean {
  return matchCall(method, `http://127.0.0.1${path}`) !== undefined;
}

import { hash } from "node:crypto";
import type { LedgerEvent } from "../event.ts";

const SPAN_KEY = /^span:([0-9a-f]{32}):/;

/**
 * Sixteen bytes that stand for organisation and key. Those of a span begin as its trace does: spans of a trace stand
 * side by side in the index and are found by it.
 */
export function keyHash({ key, attribution }: LedgerEvent): Uint8Array {
  const { organization } = attribution;
  const named = hash("sha256", `${organization ?? ""}\0${key}`, "buffer");
  const prefix = tracePrefix(traceOfKey(key));
  if (prefix !== undefined) named.set(prefix, 0);
  // Of its own: a view would keep alive what is outside of the heap.
  return new Uint8Array(named.subarray(0, 16));
}

/** The trace that a key begins with. */
export function traceOfKey(key: string): string | undefined {
  return key.startsWith("span:") ? SPAN_KEY.exec(key)?.[1] : undefined;
}

/** How hashes of a trace's spans begin: eight bytes. */
export function tracePrefix(traceId: string | undefined): Buffer | undefined {
  return traceId === undefined || !/^[0-9a-f]{32}$/.test(traceId)
    ? undefined
    : Buffer.from(traceId.slice(0, 16), "hex");
}

import { reject, type Tally } from "./tally.ts";

const ZEROS = /^0+$/;

/** @param id - lower-case hex */
export function isTraceId(id: string): boolean {
  return id.length === 32 && !ZEROS.test(id);
}

/** @param id - lower-case hex */
export function isSpanId(id: string): boolean {
  return id.length === 16 && !ZEROS.test(id);
}

/** Spans are known by their ids: one without cannot be told from its copy, and is rejected. */
export function isIdentified(traceId: string, spanId: string, tally: Tally): boolean {
  if (isTraceId(traceId) && isSpanId(spanId)) {
    tally.accepted++;
    return true;
  }
  reject(tally, "a span needs a trace id of 16 bytes and a span id of 8, not all zero");
  return false;
}

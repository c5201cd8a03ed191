import type { HoldRefusal, StoreNotice } from "../store/store.ts";
import { parseCounter } from "./counter-json.ts";

/** What every script answers. */
export interface ScriptReply {
  readonly status: string;
  /** The time the script decided by. */
  readonly nowMs: number;
  readonly notices: readonly StoreNotice[];
  readonly rest: readonly unknown[];
}

const NO_NOTICES: readonly StoreNotice[] = [];

/** @throws Error when this is no answer of a script of ours. */
export function readReply(reply: unknown): ScriptReply {
  if (Array.isArray(reply)) {
    const [status, nowMs, notices, ...rest]: unknown[] = reply;
    if (typeof status === "string" && typeof nowMs === "number" && Array.isArray(notices)) {
      const read = notices.length === 0 ? NO_NOTICES : notices.map(readNotice);
      return { status, nowMs, notices: read, rest };
    }
  }
  throw new Error("Redis answered a script in a form it never has");
}

/** @throws Error when one is no number. */
export function readNumbers(values: readonly unknown[]): number[] {
  return values.map((value) => {
    if (typeof value !== "number") throw new Error("Redis answered no number where one belongs");
    return value;
  });
}

/** Five numbers each, as the reserving script says them. */
export function readRefusals(numbers: readonly number[]): HoldRefusal[] {
  const refusals: HoldRefusal[] = [];
  for (let at = 0; at < numbers.length; at += 5) {
    const [index = 0, frozen, limit = 0, remaining = 0, reset = -1] = numbers.slice(at, at + 5);
    const resetsAtMs = reset < 0 ? undefined : reset;
    refusals.push({ index, frozen: frozen === 1, limit, remaining, resetsAtMs });
  }
  return refusals;
}

function readNotice(notice: unknown): StoreNotice {
  if (!Array.isArray(notice)) throw new Error("Redis answered no notice where one belongs");
  const [kind, json, ...rest]: unknown[] = notice;
  const counter = parseCounter(String(json));
  if (kind === "presumed") {
    const [amount = 0] = readNumbers(rest.slice(0, 1));
    return { kind, leaseId: String(rest[1]), counter, amount };
  }
  const [first = 0, spent = 0, endMs = 0] = readNumbers(rest);
  const windowEndMs = endMs < 0 ? undefined : endMs;
  return { kind: "crossed", counter, threshold: first, spent, windowEndMs };
}

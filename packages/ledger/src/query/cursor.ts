import { hash } from "node:crypto";
import { TollgateError } from "@tollgate/core";
import type { EventFilter } from "../query.ts";

type Order = "asc" | "desc";

/** Where a page ended: opaque to whoever carries it, good for the same filter and order only. */
export function writeCursor(sequence: number, filter: EventFilter, order: Order): string {
  return Buffer.from(`1.${sequence}.${fingerprint(filter, order)}`).toString("base64url");
}

/** @throws TollgateError `TOLLGATE_CURSOR_INVALID` */
export function readCursor(cursor: string, filter: EventFilter, order: Order): number {
  const read = /^1\.(\d{1,16})\.([0-9a-f]{16})$/.exec(Buffer.from(cursor, "base64url").toString());
  const sequence = Number(read?.[1]);
  if (read === null || !Number.isSafeInteger(sequence)) {
    throw invalid("it is none that a page of events gave; leave it out to begin anew");
  }
  if (read[2] !== fingerprint(filter, order)) {
    throw invalid("it is of another filter or order; repeat those of its page, or leave it out");
  }
  return sequence;
}

function fingerprint(filter: EventFilter, order: Order): string {
  const said = Object.entries(filter).filter(([, value]) => value !== undefined);
  const sorted = said.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return hash("sha256", JSON.stringify([order, sorted])).slice(0, 16);
}

function invalid(why: string): TollgateError {
  return new TollgateError("TOLLGATE_CURSOR_INVALID", `The cursor cannot be used: ${why}`);
}

import type { DatabaseSync } from "node:sqlite";
import { TOP_UP_KNOWN_MS } from "../memory/check-hold.ts";

/** The rows of `top_up`. */
export interface TopUpRows {
  /** Notes an id. @returns false when it was noted within a day already */
  note(id: string, nowMs: number): boolean;
}

export function createTopUpRows(db: DatabaseSync): TopUpRows {
  const forget = db.prepare("DELETE FROM top_up WHERE given_at_ms <= ?");
  const note = db.prepare("INSERT INTO top_up VALUES (?, ?) ON CONFLICT DO NOTHING");
  return {
    note(id, nowMs) {
      forget.run(nowMs - TOP_UP_KNOWN_MS);
      return Number(note.run(id, nowMs).changes) === 1;
    },
  };
}

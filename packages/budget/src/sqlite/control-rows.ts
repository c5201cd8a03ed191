import type { DatabaseSync } from "node:sqlite";
import { numberIn, textIn, type Row } from "@tollgate/sqlite";
import { createControls, type Controls } from "../memory/controls.ts";
import type { Control } from "../store/store.ts";

/** The rows of `control`, kept in memory as long as nobody changes them. */
export interface ControlRows {
  /** @param stale - whether another process may have changed them. */
  read(stale: boolean): Controls;
  /** Rows whose time is over go with it. */
  put(key: string, control: Control | undefined, nowMs: number): void;
}

export function createControlRows(db: DatabaseSync): ControlRows {
  const revision = db.prepare("SELECT revision FROM control_revision");
  const advance = db.prepare("UPDATE control_revision SET revision = revision + 1");
  const all = db.prepare("SELECT key, frozen, limit_amount, until_ms FROM control");
  const remove = db.prepare("DELETE FROM control WHERE key = ? OR until_ms <= ?");
  const insert = db.prepare("INSERT INTO control VALUES (?, ?, ?, ?)");
  let controls = createControls();
  let known = -1;

  return {
    read(stale) {
      const current = stale || known < 0 ? numberIn(revision.get() ?? {}, "revision") : known;
      if (current === known) return controls;
      known = current;
      controls = createControls();
      for (const row of all.all()) controls.put(textIn(row, "key"), toControl(row));
      return controls;
    },
    put(key, control, nowMs) {
      remove.run(key, nowMs);
      advance.run();
      known = -1;
      if (control === undefined) return;
      const { frozen, limit, untilMs } = control;
      insert.run(key, frozen === undefined ? null : Number(frozen), limit ?? null, untilMs ?? null);
    },
  };
}

function toControl(row: Row): Control {
  const [frozen, limit, untilMs] = [row["frozen"], row["limit_amount"], row["until_ms"]];
  return {
    ...(typeof frozen === "number" && { frozen: frozen === 1 }),
    ...(typeof limit === "number" && { limit }),
    ...(typeof untilMs === "number" && { untilMs }),
  };
}

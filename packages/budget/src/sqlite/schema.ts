import type { FileKind } from "@tollgate/sqlite";

/**
 * The steps that made the tables what they are; `user_version` counts the ones that a file has had. A step that
 * was published is never changed.
 *
 * Amounts and times are REAL: whole numbers are stored as such all the same, and what overran every limit
 * stays readable.
 *
 * - `counter_window`: one row per counter and window. `slot` tells the windows of a counter apart: where a
 *   calendar window or a task began, one value for those that never begin. `definition` is the counter as JSON,
 *   `buckets` the sub-buckets of a rolling window.
 * - `lease`: `held` lists `[window row, amount, bucket, generation]` of every hold.
 * - `control`: what operators have laid over counters; `control_revision` goes up with every change of it.
 * - `top_up`: the ids that were given lately.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE counter_window (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    slot REAL NOT NULL,
    definition TEXT NOT NULL,
    start_ms REAL NOT NULL,
    end_ms REAL NOT NULL,
    spent REAL NOT NULL,
    reserved REAL NOT NULL,
    extra REAL NOT NULL,
    open_leases INTEGER NOT NULL,
    leases INTEGER NOT NULL,
    used_at_ms REAL NOT NULL,
    reported INTEGER NOT NULL,
    buckets TEXT,
    UNIQUE (key, slot)
  ) STRICT;
  CREATE TABLE lease (
    id TEXT PRIMARY KEY,
    expires_at_ms REAL NOT NULL,
    presumed INTEGER NOT NULL,
    held TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lease_expiry ON lease (expires_at_ms);
  CREATE TABLE control (
    key TEXT PRIMARY KEY,
    frozen INTEGER,
    limit_amount REAL,
    until_ms REAL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE control_revision (revision INTEGER NOT NULL) STRICT;
  INSERT INTO control_revision VALUES (0);
  CREATE TABLE top_up (id TEXT PRIMARY KEY, given_at_ms REAL NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX top_up_age ON top_up (given_at_ms);`,
];

export const BUDGET_FILE: FileKind = {
  name: "budget store",
  examplePath: "./budget.db",
  packageName: "@tollgate/budget",
  whenLost:
    "What was spent in it does not count any more. Restore a copy, or start again with an empty one.",
  // `toll` in ASCII.
  applicationId: 0x746f_6c6c,
  migrations: MIGRATIONS,
};

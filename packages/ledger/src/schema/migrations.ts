/** What the two databases call the same. */
interface Dialect {
  readonly integer: string;
  readonly bytes: string;
  /** Ends a table that is found by its key only. */
  readonly byKey: string;
  /** Ends any other table. */
  readonly plain: string;
  /** How `event` is kept, its index by key included. */
  readonly event: (columns: string) => string;
}

const SQLITE: Dialect = {
  integer: "INTEGER",
  bytes: "BLOB",
  byKey: "STRICT, WITHOUT ROWID",
  plain: "STRICT",
  event: (columns) => `
  CREATE TABLE event (${columns.replace("sequence INTEGER NOT NULL", "sequence INTEGER PRIMARY KEY")}) STRICT;
  CREATE UNIQUE INDEX event_key ON event (key_hash);`,
};

/** Rows of sums are written again and again: room for that keeps their indexes as they are. */
const ROOM = "WITH (fillfactor = 70)";

const POSTGRES: Dialect = {
  integer: "bigint",
  bytes: "bytea",
  byKey: ROOM,
  plain: "",
  event: (columns) => `
  CREATE TABLE event (${columns}) PARTITION BY RANGE (time_ms);
  CREATE INDEX event_sequence ON event (sequence);
  CREATE TABLE event_key (
    key_hash bytea PRIMARY KEY,
    time_ms bigint NOT NULL,
    sequence bigint NOT NULL
  );
  CREATE INDEX event_key_time ON event_key USING brin (time_ms);`,
};

function firstTables({ integer, bytes, byKey, plain, event }: Dialect): string {
  const measures = `input_tokens ${integer} NOT NULL,
    output_tokens ${integer} NOT NULL,
    cache_read_tokens ${integer} NOT NULL,
    cache_write_tokens ${integer} NOT NULL,
    reasoning_tokens ${integer} NOT NULL,
    cost_nano_usd ${integer} NOT NULL,
    estimated_events ${integer} NOT NULL,
    unpriced_events ${integer} NOT NULL,
    failed_events ${integer} NOT NULL,
    tool_calls ${integer} NOT NULL`;
  const sums = `
    cell_id ${integer} NOT NULL,
    events ${integer} NOT NULL,
    ${measures},
    first_ms ${integer} NOT NULL,
    last_ms ${integer} NOT NULL`;
  const workItem = `
    organization TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT,
    slug TEXT,
    repository TEXT,
    updated_ms ${integer} NOT NULL`;
  return `
  CREATE TABLE ledger_state (
    id ${integer} PRIMARY KEY,
    last_sequence ${integer} NOT NULL,
    deleted_before_ms ${integer} NOT NULL
  ) ${plain};
  INSERT INTO ledger_state VALUES (1, 0, 0);
  ${event(`
    sequence ${integer} NOT NULL,
    key_hash ${bytes} NOT NULL,
    state ${integer} NOT NULL,
    due_ms ${integer},
    time_ms ${integer} NOT NULL,
    received_ms ${integer} NOT NULL,
    organization TEXT,
    project TEXT,
    task TEXT,
    workstream TEXT,
    repository TEXT,
    agent TEXT,
    session TEXT,
    "user" TEXT,
    "commit" TEXT,
    release TEXT,
    provider TEXT NOT NULL,
    model TEXT,
    outcome TEXT NOT NULL,
    source TEXT NOT NULL,
    ref_type TEXT,
    ref_id TEXT,
    trace_id TEXT,
    ${measures},
    detail TEXT NOT NULL`)}
  CREATE INDEX event_time ON event (time_ms);
  CREATE INDEX event_task ON event (task, sequence) WHERE task IS NOT NULL;
  CREATE INDEX event_session ON event (session, sequence) WHERE session IS NOT NULL;
  CREATE INDEX event_commit ON event ("commit", sequence) WHERE "commit" IS NOT NULL;
  CREATE INDEX event_ref ON event (ref_id, sequence) WHERE ref_id IS NOT NULL;
  CREATE INDEX event_trace ON event (trace_id) WHERE trace_id IS NOT NULL;
  CREATE INDEX event_due ON event (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE cell (
    id ${integer} PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    overflow ${integer} NOT NULL,
    organization TEXT,
    project TEXT,
    workstream TEXT,
    repository TEXT,
    agent TEXT,
    release TEXT,
    provider TEXT,
    model TEXT,
    outcome TEXT
  ) ${plain};
  CREATE TABLE subject (
    id ${integer} PRIMARY KEY,
    kind ${integer} NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (kind, value)
  ) ${plain};
  CREATE TABLE hour_total (period ${integer} NOT NULL, ${sums}, PRIMARY KEY (period, cell_id)) ${byKey};
  CREATE TABLE day_total (period ${integer} NOT NULL, ${sums}, PRIMARY KEY (period, cell_id)) ${byKey};
  CREATE TABLE month_total (period ${integer} NOT NULL, ${sums}, PRIMARY KEY (period, cell_id)) ${byKey};
  CREATE TABLE subject_total (
    kind ${integer} NOT NULL,
    period ${integer} NOT NULL,
    subject_id ${integer} NOT NULL,
    ${sums},
    PRIMARY KEY (kind, period, subject_id, cell_id)
  ) ${byKey};
  CREATE INDEX subject_total_subject ON subject_total (subject_id, period);
  CREATE TABLE charge (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    created_ms ${integer} NOT NULL,
    payload TEXT NOT NULL
  ) ${byKey};
  CREATE INDEX charge_owner ON charge (owner);
  CREATE TABLE sender (
    sender TEXT NOT NULL,
    source TEXT NOT NULL,
    last_ms ${integer} NOT NULL,
    PRIMARY KEY (sender, source)
  ) ${byKey};
  CREATE TABLE document (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version ${integer} NOT NULL,
    updated_ms ${integer} NOT NULL
  ) ${byKey};
  CREATE TABLE task (${workItem},
    workstream TEXT,
    status TEXT NOT NULL,
    PRIMARY KEY (organization, id)
  ) ${byKey};
  CREATE TABLE workstream (${workItem}, PRIMARY KEY (organization, id)) ${byKey};`;
}

/**
 * The steps that made the tables what they are, the same for both databases; each database counts the ones that it
 * has had. A step that was published is never changed.
 */
const STEPS: readonly ((dialect: Dialect) => string)[] = [firstTables];

export const SQLITE_MIGRATIONS: readonly string[] = STEPS.map((step) => step(SQLITE));
export const POSTGRES_MIGRATIONS: readonly string[] = STEPS.map((step) => step(POSTGRES));

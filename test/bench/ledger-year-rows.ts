import { DatabaseSync } from "node:sqlite";

const HOURS = 8_760;
const CELLS = 400;
const CELLS_PER_HOUR = 60;
const EVENTS_PER_CELL = 19;
const EVENTS_PER_HOUR = CELLS_PER_HOUR * EVENTS_PER_CELL;
const HOUR_MS = 3_600_000;

/** Tasks, sessions and commits: how many are at work in an hour, and for how many hours. */
const SUBJECTS = [
  { kind: 0, perHour: 50, hours: 4 },
  { kind: 1, perHour: 60, hours: 2 },
  { kind: 2, perHour: 20, hours: 12 },
];

const SUMS =
  "sum(events), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(reasoning_tokens), sum(cost_nano_usd), 0, 0, sum(failed_events), sum(tool_calls), min(first_ms), max(last_ms)";
const MONTH =
  "(strftime('%Y', period * 3600, 'unixepoch') - 1970) * 12 + strftime('%m', period * 3600, 'unixepoch') - 1";

/**
 * Writes the roll-ups of a year into an empty ledger, as ten million events would have left them.
 *
 * @returns what is in it, in words.
 */
export function fillYear(path: string, fromMs: number): string {
  const db = new DatabaseSync(path);
  const first = fromMs / HOUR_MS;
  const hours = `h(p) AS (SELECT ${first} UNION ALL SELECT p + 1 FROM h WHERE p < ${first + HOURS - 1})`;
  const cellOf = `1 + ((p * 7 + (k % ${CELLS_PER_HOUR}) * 13) % ${CELLS})`;
  const times = `p * ${HOUR_MS}, p * ${HOUR_MS} + ${HOUR_MS - 1}`;
  db.exec(`PRAGMA synchronous = OFF; BEGIN;
    WITH RECURSIVE ${upTo(CELLS)} INSERT INTO cell
      SELECT k + 1, k, 0, 'org' || k % 4, 'p' || k % 20, 'w' || k % 7, 'r' || k % 5, 'a' || k % 10, k % 12, 'openai', 'm' || k % 8, 'ok'
      FROM n;
    WITH RECURSIVE ${hours}, ${upTo(CELLS_PER_HOUR)} INSERT INTO hour_total
      SELECT p, ${cellOf}, ${EVENTS_PER_CELL}, 19000, 4000, 900, 100, 500, 23456789, 0, 0, 1, 20, ${times} FROM h, n;
    INSERT INTO day_total SELECT period / 24, cell_id, ${SUMS} FROM hour_total GROUP BY 1, 2;
    INSERT INTO month_total SELECT ${MONTH}, cell_id, ${SUMS} FROM hour_total GROUP BY 1, 2;`);
  for (const { kind, perHour, hours: lasting } of SUBJECTS) {
    const id = `${kind} * 10000000 + (p - ${first}) / ${lasting} * ${perHour} + k + 1`;
    const events = Math.round(EVENTS_PER_HOUR / perHour);
    db.exec(`WITH RECURSIVE ${hours}, ${upTo(perHour)} INSERT INTO subject_total
        SELECT ${kind}, p, ${id}, ${cellOf}, ${events}, 1000, 400, 90, 10, 50, 2345678 + k * 7, 0, 0, 0, 2, ${times} FROM h, n;
      INSERT INTO subject SELECT DISTINCT subject_id, ${kind}, ${kind} || '-' || subject_id
        FROM subject_total WHERE kind = ${kind};`);
  }
  db.exec("COMMIT");
  const count = db
    .prepare(
      "SELECT (SELECT sum(events) FROM day_total) AS events, (SELECT count(*) FROM subject_total) AS rows, (SELECT count(*) FROM subject) AS names",
    )
    .get();
  db.close();
  const said = (name: string): string => Number(count?.[name]).toLocaleString("en");
  return `${said("events")} events, ${CELLS} combinations, ${said("names")} tasks, sessions and commits in ${said("rows")} rows`;
}

function upTo(count: number): string {
  return `n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < ${count - 1})`;
}

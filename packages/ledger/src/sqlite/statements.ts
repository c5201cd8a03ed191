import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CompiledQuery } from "kysely";

/** Runs what the query builder makes; each text is prepared once. */
export interface Statements {
  all<Row>(query: { compile(): CompiledQuery<Row> }): Row[];
}

const KEPT = 200;

export function createStatements(db: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();

  function prepare(text: string): StatementSync {
    let statement = prepared.get(text);
    if (statement === undefined) {
      statement = db.prepare(text);
      if (prepared.size >= KEPT) prepared.clear();
      prepared.set(text, statement);
    }
    return statement;
  }

  return {
    all<Row>(query: { compile(): CompiledQuery<Row> }): Row[] {
      const { sql, parameters } = query.compile();
      const rows: unknown[] = prepare(sql).all(...parameters.map(toInput));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows of our own tables: the statement's type says what it selects
      return rows as Row[];
    },
  };
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  throw new Error(`a ${typeof value} is no value of SQLite`);
}

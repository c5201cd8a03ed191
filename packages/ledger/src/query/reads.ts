import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "../schema/tables.ts";

/** Reads of one moment: all see the same state of the database. */
export interface Reads {
  readonly build: Kysely<Tables>;
  rows<Row>(query: { compile(): CompiledQuery<Row> }): Promise<readonly Row[]>;
}

/** What differs between databases in how a ledger is read. */
export interface ReadSource {
  read<Result>(work: (reads: Reads) => Promise<Result>): Promise<Result>;
  /**
   * Events looked at by one statement, where no index finds the wanted ones: what is done in place must not take
   * long. `undefined` where somebody else does the work.
   */
  readonly windowEvents: number | undefined;
}

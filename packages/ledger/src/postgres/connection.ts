import { TollgateError } from "@tollgate/core";
import type { CompiledQuery } from "kysely";
import type { PostgresClient, PostgresPool, PostgresRow } from "./pool.ts";

type ParserOf = (oid: number, format?: "text" | "binary") => (text: string) => unknown;

/** One connection within a transaction. */
export interface Session {
  rows<Row>(query: { compile(): CompiledQuery<Row> }): Promise<readonly Row[]>;
  /** @returns rows as they come, whole numbers as numbers */
  query(text: string, values?: readonly unknown[]): Promise<readonly PostgresRow[]>;
}

/** Runs transactions. */
export interface Connections {
  /** @param begin - the statement that begins it */
  transaction<Result>(begin: string, work: (session: Session) => Promise<Result>): Promise<Result>;
  /** Breaks off what is under way: the server takes it back. For a process that ends. */
  abandon(): void;
  close(): Promise<void>;
}

/** Postgres' own code of `bigint`: https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8 = 20;

/**
 * @param parserOf - the client's own way to read values
 * @param owned - whether the pool ends with us
 * @param timeoutMs - how long a statement may take; `undefined`: for ever
 */
export function createConnections(
  pool: PostgresPool,
  parserOf: ParserOf,
  owned: boolean,
  timeoutMs: number | undefined,
): Connections {
  let closed = false;
  const busy = new Set<PostgresClient>();
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      oid === INT8 ? Number : parserOf(oid, format),
  };

  function sessionOf(client: PostgresClient): Session {
    const query = async (
      text: string,
      values: readonly unknown[] = [],
    ): Promise<readonly PostgresRow[]> => {
      try {
        const result = await client.query({
          text,
          values: [...values],
          types,
          ...(timeoutMs !== undefined && { query_timeout: timeoutMs }),
        });
        return result.rows;
      } catch (error) {
        throw unavailable(error);
      }
    };
    return {
      query,
      async rows<Row>(compilable: { compile(): CompiledQuery<Row> }): Promise<readonly Row[]> {
        const { sql, parameters } = compilable.compile();
        const rows: readonly unknown[] = await query(sql, parameters);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows of our own tables: the statement's type says what it selects
        return rows as readonly Row[];
      },
    };
  }

  async function connect(): Promise<PostgresClient> {
    if (closed) throw unavailable(new Error("it was closed; open it again"));
    try {
      return await pool.connect();
    } catch (error) {
      throw unavailable(error);
    }
  }

  return {
    async transaction(begin, work) {
      const client = await connect();
      busy.add(client);
      // A connection that breaks says so beside the statement that fails; nobody else listens.
      client.on("error", ignore);
      const session = sessionOf(client);
      try {
        await session.query(begin);
        const result = await work(session);
        await session.query("COMMIT");
        client.off("error", ignore);
        busy.delete(client);
        client.release();
        return result;
      } catch (error) {
        const rolledBack =
          !isAway(error) &&
          (await session.query("ROLLBACK").then(
            () => true,
            () => false,
          ));
        client.off("error", ignore);
        busy.delete(client);
        // What cannot even be rolled back is no connection any more.
        client.release(!rolledBack);
        throw error;
      }
    },
    abandon() {
      for (const client of busy) client.release(true);
      busy.clear();
    },
    async close() {
      if (closed) return;
      closed = true;
      if (owned) await pool.end();
    },
  };
}

function ignore(): void {
  // What fails says so itself.
}

/** Whether the database did not answer, rather than refuse. Answers have an SQLSTATE; that of class 57P is: it ends or starts. */
export function isAway(error: unknown): boolean {
  const cause = error instanceof TollgateError ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause ? cause.code : undefined;
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith("57P");
}

/** Says what is wrong with the database; the caller may try again. */
export function unavailable(cause: unknown): TollgateError {
  const said = cause instanceof Error ? cause.message || cause.name : String(cause);
  const message = `The ledger in Postgres does not work: ${said}`;
  return new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message, { cause });
}

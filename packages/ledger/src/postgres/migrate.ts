import { POSTGRES_MIGRATIONS } from "../schema/migrations.ts";
import { unavailable, type Connections } from "./connection.ts";

/**
 * Brings the tables up to date; of several processes that start at once one does it, the others wait.
 *
 * @throws TollgateError `TOLLGATE_STORE_UNAVAILABLE` when a newer version made them.
 */
export async function migrate(connections: Connections, schema: string): Promise<void> {
  await connections.transaction("BEGIN", async ({ query }) => {
    await query("SELECT pg_advisory_xact_lock(hashtext($1))", [`tollgate ledger ${schema}`]);
    await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await query(`SET LOCAL search_path TO ${schema}`);
    await query("CREATE TABLE IF NOT EXISTS ledger_version (version bigint NOT NULL)");
    const [row] = await query("SELECT max(version) AS version FROM ledger_version");
    const version = Number(row?.["version"] ?? 0);
    if (version > POSTGRES_MIGRATIONS.length) {
      const what = "update @tollgate/ledger in this process, or use another schema";
      throw unavailable(new Error(`a newer version made it (format ${version}); ${what}`));
    }
    for (const [index, step] of POSTGRES_MIGRATIONS.entries()) {
      if (index < version) continue;
      await query(step);
      await query("INSERT INTO ledger_version VALUES ($1)", [index + 1]);
    }
  });
}

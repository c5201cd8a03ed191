import type { Session } from "./connection.ts";

/** Events are kept by month, UTC. */
export interface Month {
  /** Such as `event_2026_09`. */
  readonly table: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

function monthOf(timeMs: number): Month {
  const time = new Date(timeMs);
  const [year, month] = [time.getUTCFullYear(), time.getUTCMonth()];
  return {
    table: `event_${year}_${String(month + 1).padStart(2, "0")}`,
    fromMs: Date.UTC(year, month),
    untilMs: Date.UTC(year, month + 1),
  };
}

/** Makes partitions when events need them, also late ones. */
export interface Partitions {
  /** @param timesMs - of events about to be written */
  ensure(session: Session, timesMs: Iterable<number>): Promise<void>;
  /** Drops months that lie before a time and in which nothing waits. @returns how many events were in them */
  dropBefore(session: Session, beforeMs: number): Promise<number>;
  /** What the last transaction made was perhaps not written. */
  forget(): void;
}

export function createPartitions(schema: string): Partitions {
  const known = new Set<string>();
  return {
    async ensure({ query }, timesMs) {
      const wanted = new Map<string, Month>();
      let last: Month | undefined;
      for (const timeMs of timesMs) {
        if (last !== undefined && timeMs >= last.fromMs && timeMs < last.untilMs) continue;
        last = monthOf(timeMs);
        if (!known.has(last.table)) wanted.set(last.table, last);
      }
      for (const { table, fromMs, untilMs } of wanted.values()) {
        const bounds = `FROM (${fromMs}) TO (${untilMs})`;
        await query(
          `CREATE TABLE IF NOT EXISTS ${schema}.${table} PARTITION OF ${schema}.event FOR VALUES ${bounds}`,
        );
        known.add(table);
      }
    },
    async dropBefore({ query }, beforeMs) {
      const tables = await query(
        `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = $1::regclass`,
        [`${schema}.event`],
      );
      let dropped = 0;
      for (const row of tables) {
        const table = String(row["relname"]);
        const [, year, month] = /^event_(\d+)_(\d+)$/.exec(table) ?? [];
        if (Date.UTC(Number(year), Number(month)) > beforeMs) continue;
        const [found] = await query(
          `SELECT count(*) AS events, count(due_ms) AS waiting FROM ${schema}.${table}`,
        );
        if (Number(found?.["waiting"]) > 0) continue;
        await query(`DROP TABLE ${schema}.${table}`);
        known.delete(table);
        dropped += Number(found?.["events"]);
      }
      return dropped;
    },
    forget: () => known.clear(),
  };
}

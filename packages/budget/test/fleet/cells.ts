import { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import { createClient } from "@redis/client";

/** Numbers by key that processes share, each read and raised on its own: all that a wrong store needs. */
export interface Cells {
  read(key: string): Promise<number>;
  add(key: string, amount: number): Promise<void>;
  close(): void;
}

export function openSqliteCells(path: string): Cells {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF");
  db.exec("CREATE TABLE IF NOT EXISTS cell (key TEXT PRIMARY KEY, value REAL NOT NULL) STRICT");
  const read = db.prepare("SELECT value FROM cell WHERE key = ?");
  const add = db.prepare(
    "INSERT INTO cell VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = value + excluded.value",
  );
  return {
    // As with a driver that works in other threads, something else may come in between.
    async read(key) {
      await turn();
      return Number(read.get(key)?.["value"] ?? 0);
    },
    async add(key, amount) {
      await turn();
      add.run(key, amount);
    },
    close: () => db.close(),
  };
}

export async function openRedisCells(urls: readonly string[], namespace: string): Promise<Cells> {
  const client = await createClient({ url: urls[0] ?? "" }).connect();
  const name = (key: string): string => `${namespace}:${key}`;
  return {
    read: async (key) => Number((await client.get(name(key))) ?? 0),
    async add(key, amount) {
      await client.incrBy(name(key), amount);
    },
    close: () => client.destroy(),
  };
}

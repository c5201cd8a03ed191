/** Which rows an hour has, as far as this process knows. */
export interface HourRows {
  readonly cells: Set<number>;
  /** By kind: pairs of subject and cell. */
  readonly subjects: readonly Set<string>[];
}

/** Hours that are kept in memory: events of now, and some that come late. */
const HOURS_KEPT = 64;

export interface HourCache {
  open(hour: number): HourRows | undefined;
  put(hour: number, rows: HourRows): HourRows;
  clear(): void;
}

export function createHourCache(): HourCache {
  const hours = new Map<number, HourRows>();
  return {
    open(hour) {
      const known = hours.get(hour);
      if (known === undefined) return undefined;
      // The one that was used last is thrown out last.
      hours.delete(hour);
      hours.set(hour, known);
      return known;
    },
    put(hour, rows) {
      hours.set(hour, rows);
      for (const oldest of hours.keys()) {
        if (hours.size <= HOURS_KEPT) break;
        hours.delete(oldest);
      }
      return rows;
    },
    clear: () => hours.clear(),
  };
}

/** Whether a row is there or may be made. */
export function admit<Key>(rows: Set<Key>, key: Key, limit: number): boolean {
  if (rows.has(key)) return true;
  if (rows.size >= limit) return false;
  rows.add(key);
  return true;
}

/** Which rows an hour has, as far as this process knows. */
export interface HourRows {
  readonly cells: Set<number>;
  /** By kind: pairs of subject and cell. */
  readonly subjects: readonly Set<string>[];
}

export interface HourCache {
  get(hour: number): HourRows | undefined;
  put(hour: number, rows: HourRows): HourRows;
}

/** Hours that are kept in memory: events of now, and some that come late. */
const HOURS_KEPT = 64;

export function createHourCache(): HourCache {
  const hours = new Map<number, HourRows>();
  return {
    get(hour) {
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
  };
}

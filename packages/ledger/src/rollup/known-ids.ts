/** Ids of names, kept in memory from one transaction to the next. */
export interface KnownIds {
  get(name: string): number | undefined;
  set(name: string, id: number): void;
  /**
   * A new transaction begins.
   *
   * @param lost - what the one before made was perhaps not written
   */
  begin(lost: boolean): void;
}

const KEPT = 50_000;

export function createKnownIds(): KnownIds {
  const known = new Map<string, number>();
  let last: string[] = [];
  return {
    get: (name) => known.get(name),
    set(name, id) {
      known.set(name, id);
      last.push(name);
    },
    begin(lost) {
      if (lost) for (const name of last) known.delete(name);
      last = [];
      // Within a transaction every name is known that was: only now may they be forgotten.
      if (known.size > KEPT) known.clear();
    },
  };
}

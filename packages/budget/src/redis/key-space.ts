/** The keys of one partition: all have one hash tag, so that a cluster keeps them on one node. */
export interface KeySpace {
  readonly meta: string;
  /** Leases by when they expire. */
  readonly leases: string;
  /** The keys of all counters that are to be seen. */
  readonly counters: string;
  leaseKey(leaseId: string): string;
  counterKey(key: string): string;
}

export function createKeySpace(tag: string): KeySpace {
  // The scripts find a lease's key by that of `meta`.
  const prefix = `tollgate:{${tag}}:`;
  return {
    meta: `${prefix}meta`,
    leases: `${prefix}leases`,
    counters: `${prefix}counters`,
    leaseKey: (leaseId) => `${prefix}lease:${leaseId}`,
    counterKey: (key) => `${prefix}counter:${key}`,
  };
}

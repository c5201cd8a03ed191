/** The keys of one partition: all have one hash tag, so that a cluster keeps them on one node. */
export interface KeySpace {
  readonly meta: string;
  /** Leases by when they expire. */
  readonly leases: string;
  /** The keys of all counters that are to be seen. */
  readonly counters: string;
  readonly controls: string;
  /** The names of all partitions by when they were last used; in the first one only. */
  readonly partitions: string;
  leaseKey(leaseId: string): string;
  topUpKey(id: string): string;
  counterKey(key: string): string;
}

export function createKeySpace(tag: string): KeySpace {
  // The scripts find leases and controls by the key of `meta`.
  const prefix = `tollgate:{${tag}}:`;
  return {
    meta: `${prefix}meta`,
    leases: `${prefix}leases`,
    counters: `${prefix}counters`,
    controls: `${prefix}controls`,
    partitions: `${prefix}partitions`,
    topUpKey: (id) => `${prefix}topup:${id}`,
    leaseKey: (leaseId) => `${prefix}lease:${leaseId}`,
    counterKey: (key) => `${prefix}counter:${key}`,
  };
}

/** Where the counters of budgets are kept: one of these. */
export interface StoreConfigInput {
  /** A file that all processes of a machine share; a relative path begins at the folder of `tollgate.yaml`. */
  readonly sqlite?: string | undefined;
  /** A Redis or Valkey that a fleet shares: its URL, or several of one cluster. */
  readonly redis?:
    | string
    | readonly string[]
    | {
        readonly url: string | readonly string[];
        /** Processes that share budgets share it. @defaultValue `default` */
        readonly namespace?: string | undefined;
        /**
         * What the names of files begin with, to which ends of calls are written while Redis is away; a relative path
         * begins at the folder of `tollgate.yaml`. `false`: they wait in memory.
         *
         * @defaultValue `./tollgate-outbox`
         */
        readonly outbox?: string | false | undefined;
        /** `organization`: each one has keys of its own, which a cluster may have on different nodes. */
        readonly partition?: "organization" | undefined;
      }
    | undefined;
  /**
   * Whether each process takes parts of busy budgets ahead and decides in memory, above either of the two.
   *
   * @defaultValue `false`
   */
  readonly slices?: boolean | undefined;
}

export interface RedisConfig {
  readonly url: string | readonly string[];
  readonly namespace: string | undefined;
  readonly outbox: string | undefined;
  readonly partition: "organization" | undefined;
}

/** Exactly one of the places is there. */
export interface StoreConfig {
  readonly sqlite: string | undefined;
  readonly redis: RedisConfig | undefined;
  readonly slices: boolean;
}

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
}

/** Exactly one of the places is there. */
export interface StoreConfig {
  readonly sqlite: string | undefined;
  readonly redis: RedisConfig | undefined;
  readonly slices: boolean;
}

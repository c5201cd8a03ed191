/** What of a pool of `pg` is used; its `Pool` fits, whichever version's types are installed. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

export interface PostgresClient {
  query(config: {
    readonly text: string;
    readonly values: unknown[];
    /** Milliseconds. */
    readonly query_timeout?: number;
    readonly types: {
      getTypeParser(oid: number, format?: "text" | "binary"): (text: string) => unknown;
    };
  }): Promise<{ readonly rows: readonly PostgresRow[] }>;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  /** @param destroy - whether the connection is no good any more */
  release(destroy?: boolean): void;
}

export type PostgresRow = Readonly<Record<string, unknown>>;

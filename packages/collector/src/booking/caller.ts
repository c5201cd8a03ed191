/** Who sends, as far as it was proved. */
export interface Caller {
  /** The tenant that a token belongs to: what it sends is charged to no other. `undefined`: any. */
  readonly organization: string | undefined;
}

/** Nobody proved anything; for loopback. */
export const ANYONE: Caller = { organization: undefined };

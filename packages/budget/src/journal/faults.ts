/** What a journal can be found to be wrong about. */
export type LedgerFaultKind =
  /** An amount is not whole or below 0, or a line is none of a journal's. */
  | "malformed"
  /** A lease ended, or was presumed, that was never reserved. */
  | "unknown_lease"
  /** One id was reserved twice. */
  | "reserved_twice"
  /** A lease ended, or was presumed, a second time. */
  | "ended_twice"
  /** A lease is corrected that was not presumed, or settled as if it were not. */
  | "not_presumed"
  /** A lease ended, or was presumed, with other amounts than it held. */
  | "amount_mismatch"
  /** A hold was granted that does not fit. */
  | "over_limit"
  /** A hold was granted while its budget was frozen. */
  | "frozen"
  /** A call used more than it held and no overrun is recorded. */
  | "overrun_missing"
  /** An overrun is recorded that no call made. */
  | "overrun_unfounded"
  /** What the store said remains is not what the journal adds up to. */
  | "sum_mismatch"
  /** More was given back than was held. */
  | "negative_reserved";

export interface LedgerFault {
  readonly kind: LedgerFaultKind;
  /** Which event, from 0; the number of events for what shows only at the end. */
  readonly index: number;
  readonly lease: string | undefined;
  /** The counter's key. */
  readonly counter: string | undefined;
  /** One sentence for people. */
  readonly message: string;
}

export interface LedgerReport {
  readonly ok: boolean;
  readonly faults: readonly LedgerFault[];
  /** How many events were read. */
  readonly events: number;
  readonly leases: {
    readonly reserved: number;
    readonly settled: number;
    readonly released: number;
    /** Charged as held, without a late end. */
    readonly presumed: number;
    /** Under way when the journal ends. */
    readonly open: number;
  };
}

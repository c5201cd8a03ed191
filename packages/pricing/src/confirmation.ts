/**
 * Whose page a price was seen on: the provider's own, or one of others (price data, gateways, other tools),
 * where the provider's was not to be found.
 */
export type Confirmation = "provider" | "third-party";

/** Where a price is from and when that was seen. */
export interface Sighting {
  readonly confirmed: Confirmation;
  /** The page that has the price. */
  readonly source: string;
  /** The day on which it was seen there. */
  readonly checkedOn: string;
}

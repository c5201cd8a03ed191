/**
 * - `wrong`: what is booked differs from what was sent, or from what the provider counted.
 * - `limit`: the sender did not say it: no attribute of its spans has it.
 */
export interface Finding {
  readonly kind: "wrong" | "limit";
  readonly scenario: string;
  readonly text: string;
}

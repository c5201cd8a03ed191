/**
 * Where the requests of an API limit their output. Paths name members from the outside in:
 * `generationConfig.maxOutputTokens`.
 */
export interface OutputCap {
  /** Where the limit may lie. A request that names none gets one at the first whose surroundings it has. */
  readonly members: readonly [string, ...string[]];
  /** The smallest limit that the API takes. @defaultValue 1 */
  readonly leastTokens?: number;
  /** Where a budget for thinking may lie, which the limit must be above. */
  readonly thinking?: readonly string[];
  /** The limit of a request that names none. @defaultValue the model's own */
  readonly otherwise?: number;
}

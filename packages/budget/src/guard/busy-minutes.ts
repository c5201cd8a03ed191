/** What minutes with calls usually bring, and how much they differ. */
export interface BusyMinutes {
  /** How many were seen. */
  readonly seen: number;
  /** Adds a minute that is over. */
  observe(amount: number): void;
  /**
   * What a minute must exceed to be out of the ordinary: `factor` times the mean, and so many standard
   * deviations above it. Agents come in bursts; the second keeps those with wild minutes from crying wolf.
   */
  threshold(factor: number): number;
  readonly mean: number;
}

/** Minutes that count; older ones fade. */
const MEMORY = 240;

/**
 * @param deviations - how many above the mean are out of the ordinary.
 * @param grain - the smallest step the amount makes, so that a steady rate has some play.
 */
export function createBusyMinutes(deviations: number, grain: () => number): BusyMinutes {
  let seen = 0;
  let mean = 0;
  let variance = 0;
  return {
    get seen() {
      return seen;
    },
    get mean() {
      return mean;
    },
    observe(amount) {
      seen++;
      const weight = 1 / Math.min(seen, MEMORY);
      const delta = amount - mean;
      mean += weight * delta;
      variance = (1 - weight) * (variance + weight * delta * delta);
    },
    threshold(factor) {
      // Calls that come on their own differ by at least the root of their number.
      const atLeast = mean * grain();
      const deviation = Math.sqrt(Math.max(variance, atLeast));
      return Math.max(factor * mean, mean + deviations * deviation);
    },
  };
}

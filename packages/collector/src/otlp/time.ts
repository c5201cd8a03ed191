/**
 * Nanoseconds since the epoch as milliseconds, as near as a double comes.
 *
 * @param high - upper 32 bits of the 64
 * @param low - lower 32 bits
 */
export function nanosToMs(high: number, low: number): number {
  // 2^32 ns are 4,294,967,296 = 4294 × 10^6 + 967,296; every product here is below 2^53, and so exact.
  const rest = high * 967_296 + low;
  let wholeMs = Math.floor(rest / 1e6);
  let nanos = rest - wholeMs * 1e6;
  if (nanos < 0) {
    wholeMs--;
    nanos += 1e6;
  }
  return high * 4294 + wholeMs + nanos / 1e6;
}

const TWENTY_DIGITS = /^\d{1,20}$/;

/** The same for decimal text, which JSON has; what is no such text is 0, as if it were missing. */
export function nanosTextToMs(text: string): number {
  if (!TWENTY_DIGITS.test(text)) return 0;
  return Number(text.slice(0, -6)) + Number(text.slice(-6)) / 1e6;
}

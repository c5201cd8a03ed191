/** Proofs run bounded among all tests and at length with `pnpm prove`, which sets this. */
export const AT_LENGTH: boolean = process.env["PROVE"] === "at-length";

/** How much of something to prove with. */
export function scale(bounded: number, atLength: number): number {
  return AT_LENGTH ? atLength : bounded;
}

/** How long the long version may take. */
export const PROOF_TIMEOUT_MS: number = scale(60_000, 3_600_000);

/** Prints a figure of the long version. */
export function figure(text: string): void {
  if (AT_LENGTH) process.stdout.write(`  ${text}\n`);
}

/** A number from 0 up to 1, the same ones for a seed (mulberry32, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import type { BudgetCall, BudgetDecision, BudgetProcessor } from "../src/index.ts";

/** A reservation that may still be waiting. */
export interface Asking {
  readonly decision: Promise<BudgetDecision>;
  done: boolean;
}

export function askOf(processor: BudgetProcessor, asked: BudgetCall): Asking {
  const asking: Asking = { decision: Promise.resolve(processor.reserve(asked)), done: false };
  const finish = (): void => {
    asking.done = true;
  };
  asking.decision.then(finish, finish);
  return asking;
}

/** Numbers from 0 up to 1, the same ones every time. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    // The constants of Numerical Recipes' quick generator.
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

import { chain } from "../store/maybe-promise.ts";
import type { BudgetStore, StoreAnswer, StoreNotice } from "../store/store.ts";

/** News of operations that nobody waits for: the next answer carries it. */
export interface UntoldNews {
  add(notices: readonly StoreNotice[]): void;
  withNews(store: BudgetStore): BudgetStore;
}

export function createUntoldNews(): UntoldNews {
  let untold: StoreNotice[] = [];

  function withUntold<Answer extends StoreAnswer>(answer: Answer): Answer {
    if (untold.length === 0) return answer;
    const notices = [...untold, ...answer.notices];
    untold = [];
    return { ...answer, notices };
  }

  return {
    add(notices) {
      if (notices.length > 0) untold.push(...notices);
    },
    withNews: (store) => ({
      ...store,
      reserve: (request) => chain(store.reserve(request), withUntold),
      states: async () => withUntold(await store.states()),
    }),
  };
}

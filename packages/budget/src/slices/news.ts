import type { StoreAnswer, StoreNotice } from "../store/store.ts";

/** News of what the slicer asks the shared store by itself: told to the listener, else with the next answer. */
export interface News {
  put(notices: readonly StoreNotice[]): void;
  listen(listener: (answer: StoreAnswer) => void): void;
  take(): readonly StoreNotice[];
  /** An answer of the shared store, with what was not told before. */
  joined<Answer extends StoreAnswer>(answer: Answer): Answer;
}

const NONE: readonly StoreNotice[] = [];

export function createNews(): News {
  let untold: StoreNotice[] = [];
  let hear: ((answer: StoreAnswer) => void) | undefined;

  function take(): readonly StoreNotice[] {
    if (untold.length === 0) return NONE;
    const told = untold;
    untold = [];
    return told;
  }

  return {
    put(notices) {
      if (notices.length === 0) return;
      if (hear === undefined) untold.push(...notices);
      else hear({ notices });
    },
    listen(listener) {
      hear = listener;
    },
    take,
    joined: (answer) =>
      untold.length === 0 ? answer : { ...answer, notices: [...take(), ...answer.notices] },
  };
}

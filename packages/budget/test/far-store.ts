import { createMemoryStore, type BudgetStore, type MaybePromise } from "../src/index.ts";

/** A store behind a connection that can be cut, and heard: it answers by promises. */
export interface FarStore extends BudgetStore {
  broken: boolean;
  /** Names of the operations that came. */
  readonly heard: string[];
}

/** @param store - what is behind it; several may share one. */
export function createFarStore(store: BudgetStore = createMemoryStore()): FarStore {
  async function send<Result>(name: string, run: () => MaybePromise<Result>): Promise<Result> {
    if (far.broken) throw new Error("connection refused");
    far.heard.push(name);
    return run();
  }
  const far: FarStore = {
    broken: false,
    heard: [],
    scope: "shared",
    reserve: (request) => send("reserve", () => store.reserve(request)),
    settle: (id, amounts) => send("settle", () => store.settle(id, amounts)),
    release: (id) => send("release", () => store.release(id)),
    renew: (ids, ttlMs) => send("renew", () => store.renew(ids, ttlMs)),
    control: (key, control) => send("control", () => store.control(key, control)),
    topUp: (topUp) => send("topUp", () => store.topUp(topUp)),
    states: () => send("states", () => store.states()),
    close: () => {},
  };
  return far;
}

import { createMemoryStore, type BudgetStore, type MaybePromise } from "../src/index.ts";

/** A store behind a connection that can be cut, and heard: it answers by promises. */
export interface FarStore extends BudgetStore {
  broken: boolean;
  /** Reservations wait on the way until they are let go. */
  held: boolean;
  isWaiting(): boolean;
  /** Lets go what waits, and does not hold anything any more. */
  letGo(): void;
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
  const waiting: (() => void)[] = [];
  const onItsWay = (): Promise<void> | undefined =>
    far.held ? new Promise((resolve) => void waiting.push(resolve)) : undefined;
  const far: FarStore = {
    broken: false,
    held: false,
    isWaiting: () => waiting.length > 0,
    letGo() {
      far.held = false;
      for (const go of waiting.splice(0)) go();
    },
    heard: [],
    scope: "shared",
    reserve: (request) =>
      send("reserve", async () => {
        await onItsWay();
        return store.reserve(request);
      }),
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

/** Where several wait until all have come and something was done once for all of them. */
export interface Barrier {
  /** Resolves when all have arrived and it is done; rejects when one failed or it could not be done. */
  readonly arrive: () => Promise<void>;
  /** One will not come. */
  readonly fail: (error: unknown) => void;
}

export function createBarrier(count: number, whenAllAreHere: () => Promise<void>): Barrier {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let left = count;
  // It may fail before anybody waits.
  promise.catch(() => undefined);
  return {
    arrive() {
      if (--left === 0) whenAllAreHere().then(resolve, reject);
      return promise;
    },
    fail: reject,
  };
}

import type { Taken } from "../../src/index.ts";

/** A pipeline that takes nothing until it is told to. */
export interface HangingPipeline {
  readonly take: () => Promise<Taken>;
  untilWaiting(count: number): Promise<void>;
  /** Takes all that waits. */
  letGo(): void;
}

function ignore(): void {
  // Nobody waits for the next one.
}

export function createHangingPipeline(): HangingPipeline {
  const waiting: ((taken: Taken) => void)[] = [];
  let arrived = ignore;
  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        arrived();
      }),
    async untilWaiting(count) {
      while (waiting.length < count) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    letGo() {
      for (const resolve of waiting.splice(0)) resolve({ outcome: "taken" });
    },
  };
}

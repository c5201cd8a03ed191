import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../src/index.ts";

describe("createFakeClock", () => {
  it("stands still until it is moved", async () => {
    const clock = createFakeClock(1000);
    expect([clock.now(), clock.monotonic()]).toEqual([1000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1250, 250]);
  });

  it("wakes sleeps in the order of their deadlines, each at its own time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: 20 }), async (delaysMs) => {
        const clock = createFakeClock(0);
        const woken: number[] = [];
        for (const delayMs of delaysMs) {
          void clock.sleep(delayMs).then(() => woken.push(clock.now()));
        }
        await clock.advance(1000);
        expect(woken).toEqual(delaysMs.toSorted((a, b) => a - b));
        expect(clock.sleeping).toBe(0);
      }),
    );
  });

  it("lets a sleeper sleep again on the way", async () => {
    const clock = createFakeClock(0);
    const ticks: number[] = [];
    const ticking = (async () => {
      for (let tick = 0; tick < 3; tick++) {
        // oxlint-disable-next-line no-await-in-loop -- a ticker
        await clock.sleep(10);
        ticks.push(clock.now());
      }
    })();
    await clock.advance(25);
    expect(ticks).toEqual([10, 20]);
    await clock.advance(5);
    await ticking;
    expect(ticks).toEqual([10, 20, 30]);
  });

  it("does not wake what is due later", async () => {
    const clock = createFakeClock();
    void clock.sleep(11);
    await clock.advance(10);
    expect(clock.sleeping).toBe(1);
  });

  it("rejects with the signal's reason, before and during a sleep", async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort(new Error("enough"));
    await expect(sleep).rejects.toThrow("enough");
    await expect(clock.sleep(10, abort.signal)).rejects.toThrow("enough");
    expect(clock.sleeping).toBe(0);
  });

  it("refuses to go back", async () => {
    await expect(createFakeClock().advance(-1)).rejects.toThrow(
      "advance(-1): time moves on by 0 ms or more",
    );
  });
});

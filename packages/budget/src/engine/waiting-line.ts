import type { BudgetRefusal, Clock } from "@tollgate/core";
import type { MaybePromise } from "../store/store.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { neverFits, type Refused } from "./refusal.ts";
import type { Grant } from "./store-access.ts";

/** What waiting came to. */
export type Waited = { readonly grant: Grant } | { readonly refused: Refused };

/** The calls that wait for a throttled budget: first come, first served, at each counter. */
export interface WaitingLine {
  /** The refusal that a newcomer shares with those who wait at one of its counters already. */
  behind(plan: Plan): Refused | undefined;
  /**
   * Waits until the plan is granted, its budget's `maxWait` is over or waiting no longer helps.
   * Rejects with the reason of the call's signal when that aborts first.
   */
  wait(plan: Plan, refused: Refused): Promise<Waited>;
  /** Lets those try who wait at a counter where something was just given back. */
  freed(holds: readonly PlannedHold[]): void;
  /** Lets those try who wait for a budget, or all: something changed that nothing was given back for. */
  retry(budget: string | undefined): void;
  /** Refuses all who wait. */
  close(): void;
}

export interface WaitingLineOptions {
  readonly clock: Clock;
  /** @returns a number from 0 up to 1. */
  readonly random: () => number;
  readonly attempt: (plan: Plan) => MaybePromise<Waited>;
  /** Gives a grant back whose call no longer waits. */
  readonly abandon: (plan: Plan, grant: Grant) => void;
}

interface Waiter {
  readonly plan: Plan;
  readonly startedMs: number;
  refused: Refused;
  ended: boolean;
  end(finish: () => void): void;
  resolve(waited: Waited): void;
  /** Ends the sleep between two tries. */
  readonly awake: AbortController;
}

interface Queue {
  readonly waiters: Waiter[];
  serving: boolean;
  again: boolean;
}

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export function createWaitingLine(options: WaitingLineOptions): WaitingLine {
  const { clock, random, attempt, abandon } = options;
  const queues = new Map<string, Queue>();

  function queueOf(waiter: Waiter): Queue {
    const { key } = waiter.refused.hold.counter;
    let queue = queues.get(key);
    if (queue === undefined) {
      queue = { waiters: [], serving: false, again: false };
      queues.set(key, queue);
    }
    return queue;
  }

  function leave(waiter: Waiter): void {
    const { key } = waiter.refused.hold.counter;
    const queue = queues.get(key);
    if (queue === undefined) return;
    const place = queue.waiters.indexOf(waiter);
    if (place >= 0) queue.waiters.splice(place, 1);
    if (queue.waiters.length === 0 && !queue.serving) queues.delete(key);
  }

  /** Lets a queue's waiters try in turn until one must go on waiting. */
  async function serve(key: string): Promise<void> {
    const queue = queues.get(key);
    if (queue === undefined) return;
    queue.again = true;
    if (queue.serving) return;
    queue.serving = true;
    while (queue.again) {
      queue.again = false;
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      while (await serveFirst(queue));
    }
    queue.serving = false;
    if (queue.waiters.length === 0) queues.delete(key);
  }

  /** @returns whether the next one may try. */
  async function serveFirst(queue: Queue): Promise<boolean> {
    const [waiter] = queue.waiters;
    if (waiter === undefined) return false;
    const tried = await attempt(waiter.plan);
    if (waiter.ended) {
      if ("grant" in tried) abandon(waiter.plan, tried.grant);
      return true;
    }
    if ("grant" in tried || !tried.refused.worthWaiting) {
      waiter.end(() => waiter.resolve(tried));
      return true;
    }
    return moved(waiter, tried.refused);
  }

  /** @returns whether it waits at another counter now, and no longer stands before the next one. */
  function moved(waiter: Waiter, refused: Refused): boolean {
    const elsewhere = waiter.refused.hold.counter.key !== refused.hold.counter.key;
    if (elsewhere) leave(waiter);
    waiter.refused = refused;
    if (elsewhere) queueOf(waiter).waiters.push(waiter);
    return elsewhere;
  }

  async function keepTrying(waiter: Waiter): Promise<void> {
    for (let tries = 0; !waiter.ended; tries++) {
      const leftMs = waiter.startedMs + waitOf(waiter) - clock.monotonic();
      if (leftMs <= 0) {
        const refused = timedOut(waiter.refused);
        waiter.end(() => waiter.resolve({ refused }));
        return;
      }
      const delayMs = Math.min(leftMs, backoffMs(tries), resetDelayMs(waiter));
      // oxlint-disable-next-line no-await-in-loop -- it sleeps between two tries
      await clock.sleep(delayMs, waiter.awake.signal).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      if (!waiter.ended) await serve(waiter.refused.hold.counter.key);
    }
  }

  /** Exponential backoff with full jitter: callers that were refused together come back apart. */
  function backoffMs(tries: number): number {
    return Math.max(1, random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries));
  }

  function resetDelayMs({ refused }: Waiter): number {
    const { resetsAtMs } = refused.refusal;
    const delayMs = (resetsAtMs ?? Number.POSITIVE_INFINITY) - clock.now();
    return delayMs > 0 ? delayMs : Number.POSITIVE_INFINITY;
  }

  return {
    behind(plan) {
      if (queues.size === 0 || plan.holds.some((hold) => neverFits(hold))) return undefined;
      for (const hold of plan.holds) {
        if (hold.check === "never" || hold.policy.onExceed !== "throttle") continue;
        const first = queues.get(hold.counter.key)?.waiters[0];
        if (first === undefined) continue;
        const refusal = { ...first.refused.refusal, requested: hold.requested };
        return { hold, refusal, worthWaiting: true };
      }
      return undefined;
    },
    wait: (plan, refused) =>
      new Promise((resolve, reject) => {
        const { signal } = plan.call;
        const onAbort = (): void => waiter.end(() => reject(signal?.reason));
        const waiter: Waiter = {
          plan,
          startedMs: clock.monotonic(),
          refused,
          ended: false,
          end(finish) {
            if (waiter.ended) return;
            waiter.ended = true;
            leave(waiter);
            signal?.removeEventListener("abort", onAbort);
            waiter.awake.abort();
            finish();
          },
          resolve,
          awake: new AbortController(),
        };
        queueOf(waiter).waiters.push(waiter);
        signal?.addEventListener("abort", onAbort, { once: true });
        if (signal?.aborted) onAbort();
        void keepTrying(waiter);
      }),
    freed(holds) {
      if (queues.size === 0) return;
      for (const { counter } of holds) {
        if (queues.has(counter.key)) void serve(counter.key);
      }
    },
    retry(budget) {
      for (const [key, { waiters }] of queues) {
        const waitsFor = waiters[0]?.refused.refusal.budget;
        if (budget === undefined || budget === waitsFor) void serve(key);
      }
    },
    close() {
      for (const { waiters } of queues.values()) {
        for (const waiter of waiters.slice()) {
          waiter.end(() => waiter.resolve({ refused: timedOut(waiter.refused) }));
        }
      }
    },
  };
}

function waitOf({ refused }: Waiter): number {
  return refused.hold.policy.maxWaitMs;
}

function timedOut(refused: Refused): Refused {
  const refusal: BudgetRefusal = { ...refused.refusal, reason: "throttle_timeout" };
  return { ...refused, refusal, worthWaiting: false };
}

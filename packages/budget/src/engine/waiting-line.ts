import type { MaybePromise } from "../store/store.ts";
import {
  createQueue,
  HANDED_ON_AT_MOST,
  nextTryMs,
  type Queue,
  type Trying,
} from "./counter-queue.ts";
import type { Plan, PlannedHold } from "./plan-holds.ts";
import { neverFits, type Refused } from "./refusal.ts";
import type { Asked, Grant } from "./store-access.ts";
import { createWaiter, partyOf, timedOut, type Waited, type Waiter } from "./waiter.ts";

/** The calls that wait for a throttled budget. At each counter agents take turns. */
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
  /**
   * Judges all who wait by other rules.
   *
   * @param replan - what a call must hold by them; nothing when no budget is for it.
   */
  rejudge(replan: (plan: Plan) => Plan | undefined): void;
  /** Refuses all who wait. */
  close(): void;
}

export interface WaitingLineOptions extends Trying {
  readonly attempt: (plan: Plan) => MaybePromise<Asked>;
  /** Gives a grant back whose call no longer waits. */
  readonly abandon: (plan: Plan, grant: Grant) => void;
}

export function createWaitingLine(options: WaitingLineOptions): WaitingLine {
  const { clock, shared, attempt, abandon } = options;
  const queues = new Map<string, Queue>();
  /** Those whom other rules have left without a line. */
  const alone = new Set<Waiter>();
  let closed = false;

  function join(waiter: Waiter): void {
    const { key } = waiter.refused.hold.counter;
    let queue = queues.get(key);
    const isNew = queue === undefined;
    queue ??= createQueue(key);
    waiter.place = queue.line.join(waiter, partyOf(waiter.plan));
    if (!isNew) return;
    queues.set(key, queue);
    void keepTrying(queue);
  }

  /** @param turn - it was its turn; otherwise those behind it may fit where it did not. */
  function leave(waiter: Waiter, turn: boolean): void {
    const queue = queues.get(waiter.refused.hold.counter.key);
    alone.delete(waiter);
    if (queue === undefined || waiter.place === undefined) return;
    const wasFirst = queue.line.first === waiter;
    queue.line.leave(waiter.place, turn);
    waiter.place = undefined;
    if (turn || (!wasFirst && queue.line.first !== undefined)) return;
    queue.tries = 0;
    queue.alarm.abort();
  }

  /** Lets a queue's waiters try in turn until one must go on waiting. */
  async function serve(queue: Queue): Promise<void> {
    queue.again = true;
    if (queue.serving || closed) return;
    queue.serving = true;
    while (queue.again) {
      queue.again = false;
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      while (await serveFirst(queue));
    }
    queue.serving = false;
  }

  async function serveNow(queue: Queue): Promise<void> {
    await serve(queue);
    // Another may be first, and wait for another reset.
    queue.alarm.abort();
  }

  /** @returns whether the next one may try. */
  async function serveFirst(queue: Queue): Promise<boolean> {
    const waiter = queue.line.first;
    if (waiter === undefined || queue.pausing) return false;
    const { plan } = waiter;
    const tried = await attempt(plan);
    if ("grant" in tried) {
      queue.tries = 0;
      queue.handedOn++;
    }
    if (settled(waiter, plan, tried)) return true;
    if ("grant" in tried) return true;
    return moved(waiter, tried.refused);
  }

  /** @returns whether the waiter needs no place for this answer any more. */
  function settled(waiter: Waiter, plan: Plan, tried: Asked): boolean {
    if (waiter.ended) {
      if ("grant" in tried) abandon(plan, tried.grant);
      return true;
    }
    if ("refused" in tried) {
      // It was judged by other rules in the meantime.
      if (waiter.plan !== plan) return true;
      if (tried.refused.worthWaiting) return false;
    }
    leave(waiter, true);
    waiter.finish({ ...tried, plan });
    return true;
  }

  /** @returns whether it waits at another counter now, and no longer stands before the next one. */
  function moved(waiter: Waiter, refused: Refused): boolean {
    const elsewhere = waiter.refused.hold.counter.key !== refused.hold.counter.key;
    if (elsewhere) leave(waiter, true);
    waiter.refused = refused;
    if (!elsewhere) return false;
    join(waiter);
    waiter.setDeadline();
    return true;
  }

  async function keepTrying(queue: Queue): Promise<void> {
    while (queue.line.first !== undefined) {
      queue.alarm = new AbortController();
      const slept = clock.sleep(nextTryMs(queue, queue.line.first, options), queue.alarm.signal);
      // oxlint-disable-next-line no-await-in-loop -- it sleeps between two tries
      const isDue = await slept.then(
        () => true,
        () => false,
      );
      if (!isDue) continue;
      queue.tries++;
      if (queue.pausing) {
        queue.pausing = false;
        queue.handedOn = 0;
      }
      // oxlint-disable-next-line no-await-in-loop
      await serve(queue);
    }
    queues.delete(queue.key);
  }

  /**
   * What is given back goes to the first in line at once; over a shared store only a few times in a row:
   * lines of other processes would never find anything.
   */
  function handOn(queue: Queue): void {
    if (queue.pausing) return;
    queue.pausing = shared && queue.handedOn >= HANDED_ON_AT_MOST;
    if (queue.pausing) queue.alarm.abort();
    else void serveNow(queue);
  }

  function eased(queue: Queue): void {
    queue.pausing = false;
    void serveNow(queue);
  }

  /** Puts a waiter whose plan is a new one where a newcomer with that plan would wait. */
  function place(waiter: Waiter): void {
    const throttling = waiter.plan.holds.filter(throttles);
    const { key } = waiter.refused.hold.counter;
    const hold = throttling.find(({ counter }) => counter.key === key) ?? throttling[0];
    if (hold === undefined) {
      void askAlone(waiter);
      return;
    }
    const { limit, unit } = hold.counter;
    const about = { budget: hold.policy.id, unit, limit, requested: hold.requested };
    const refusal = { ...waiter.refused.refusal, ...about, resetsAtMs: undefined };
    waiter.refused = { hold, refusal, worthWaiting: true };
    join(waiter);
    waiter.setDeadline();
  }

  async function askAlone(waiter: Waiter): Promise<void> {
    alone.add(waiter);
    const { plan } = waiter;
    const tried = await attempt(plan);
    if (settled(waiter, plan, tried) || "grant" in tried) return;
    alone.delete(waiter);
    waiter.refused = tried.refused;
    join(waiter);
  }

  function everyone(): Waiter[] {
    return [...alone, ...[...queues.values()].flatMap(({ line }) => [...line])];
  }

  return {
    behind(plan) {
      if (queues.size === 0 || plan.holds.some((hold) => neverFits(hold))) return undefined;
      for (const hold of plan.holds) {
        if (!throttles(hold)) continue;
        const first = queues.get(hold.counter.key)?.line.first;
        if (first === undefined) continue;
        const refusal = { ...first.refused.refusal, requested: hold.requested };
        return { hold, refusal, worthWaiting: true };
      }
      return undefined;
    },
    wait: (plan, refused) =>
      new Promise((resolve, reject) => {
        const waiter = createWaiter({
          plan,
          refused,
          clock,
          leave: (left) => leave(left, false),
          resolve,
          reject,
        });
        if (waiter.ended) return;
        join(waiter);
        waiter.setDeadline();
      }),
    freed(holds) {
      if (queues.size === 0) return;
      for (const { counter } of holds) {
        const queue = queues.get(counter.key);
        if (queue !== undefined) handOn(queue);
      }
    },
    retry(budget) {
      for (const queue of queues.values()) {
        const waitsFor = queue.line.first?.refused.refusal.budget;
        if (budget === undefined || budget === waitsFor) eased(queue);
      }
    },
    rejudge(replan) {
      const all = everyone();
      for (const waiter of all) leave(waiter, false);
      for (const waiter of all) {
        const plan = replan(waiter.plan);
        if (plan === undefined) {
          waiter.finish({ free: true });
          continue;
        }
        waiter.plan = plan;
        place(waiter);
      }
      for (const queue of queues.values()) eased(queue);
    },
    close() {
      closed = true;
      for (const waiter of everyone()) waiter.finish(timedOut(waiter));
    },
  };
}

function throttles({ check, policy }: PlannedHold): boolean {
  return check !== "never" && policy.onExceed === "throttle";
}

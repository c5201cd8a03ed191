import type { BudgetRefusal, Clock } from "@tollgate/core";
import type { Place } from "./fair-line.ts";
import type { Plan } from "./plan-holds.ts";
import type { Refused } from "./refusal.ts";
import type { Grant } from "./store-access.ts";

/** What waiting came to; no plan at all: no budget is for the call any more. */
export type Waited =
  | { readonly grant: Grant; readonly plan: Plan }
  | { readonly refused: Refused; readonly plan: Plan }
  | { readonly free: true };

/** A call that waits. */
export interface Waiter {
  plan: Plan;
  refused: Refused;
  /** In the line of the counter that refused it. */
  place: Place<Waiter> | undefined;
  readonly startedMs: number;
  readonly ended: boolean;
  finish(waited: Waited): void;
  /** Waits as long as the budget says that refuses it now. */
  setDeadline(): void;
}

interface WaiterOptions {
  readonly plan: Plan;
  readonly refused: Refused;
  readonly clock: Clock;
  /** Takes it out of its line. */
  readonly leave: (waiter: Waiter) => void;
  readonly resolve: (waited: Waited) => void;
  readonly reject: (reason: unknown) => void;
}

export function createWaiter(options: WaiterOptions): Waiter {
  const { clock, leave, resolve, reject } = options;
  const { signal } = options.plan.call;
  let deadline = new AbortController();
  let ended = false;

  const end = (how: () => void): void => {
    if (ended) return;
    ended = true;
    signal?.removeEventListener("abort", onAbort);
    deadline.abort();
    leave(waiter);
    how();
  };
  const onAbort = (): void => end(() => reject(signal?.reason));

  const waiter: Waiter = {
    plan: options.plan,
    refused: options.refused,
    place: undefined,
    startedMs: clock.monotonic(),
    get ended() {
      return ended;
    },
    finish: (waited) => end(() => resolve(waited)),
    setDeadline() {
      deadline.abort();
      deadline = new AbortController();
      const leftMs = waiter.startedMs + maxWaitOf(waiter) - clock.monotonic();
      const timeOut = (): void => waiter.finish(timedOut(waiter));
      if (leftMs <= 0) timeOut();
      else clock.sleep(leftMs, deadline.signal).then(timeOut, () => undefined);
    },
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return waiter;
}

function maxWaitOf({ refused }: Waiter): number {
  return refused.hold.policy.maxWaitMs;
}

/** It has waited long enough. */
export function timedOut({ refused, plan }: Waiter): Waited {
  const refusal: BudgetRefusal = { ...refused.refusal, reason: "throttle_timeout" };
  return { refused: { ...refused, refusal, worthWaiting: false }, plan };
}

/** Who takes turns in a line: agents, else tasks; calls of which neither is known take one together. */
export function partyOf({ call: { attribution } }: Plan): string {
  const { agent, task } = attribution;
  if (agent !== undefined) return `agent ${agent}`;
  return task === undefined ? "" : `task ${task}`;
}

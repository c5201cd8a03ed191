import { createHandClock, type HandClock } from "../src/testing/store-fixture.ts";
import {
  createBudgetProcessor,
  type BudgetProcessor,
  type GuardInput,
  type RunawayAlert,
} from "../src/index.ts";
import { call, NO_AGGREGATES, now } from "./budget-call.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface SimulatedAgent {
  /** Works for days as agents do: sessions, bursts, retries, dear and cheap calls. */
  work(days: number): void;
  /** Runs in a loop at ten times its usual rate. @returns after how long it was noticed. */
  loop(): number | undefined;
  readonly alerts: readonly RunawayAlert[];
  readonly calls: number;
}

/**
 * An agent that works on weekdays, in sessions of its own pace. Its calls come on their own (Poisson), in
 * sessions that differ (log-normal, a third up or down), with fan-outs of parallel calls, retries of the
 * same request and prices that range over two decades (log-normal).
 */
export function createAgent(random: () => number, guards: readonly GuardInput[]): SimulatedAgent {
  const clock: HandClock = createHandClock(Date.UTC(2026, 2, 2));
  const processor: BudgetProcessor = createBudgetProcessor({
    policies: [],
    guards,
    clock,
    aggregates: NO_AGGREGATES,
  });
  const alerts: RunawayAlert[] = [];
  let calls = 0;
  /** Calls per minute: from three to thirty. */
  const pace = 3 * 10 ** random();

  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }

  function ask(fingerprint: string): void {
    calls++;
    const decision = now(
      processor.reserve(call({ id: `agent-${calls}`, attribution: { agent: "a" }, fingerprint })),
    );
    if (!decision.granted) return;
    const nanoUsd = Math.round(1e7 * Math.exp(normal()));
    void decision.lease.settle({ nanoUsd, tokens: 1_000 });
  }

  function step(perMinute: number): void {
    clock.advance(Math.max(1, Math.round((-Math.log(1 - random()) * MINUTE_MS) / perMinute)));
    ask(`request ${calls}`);
  }

  function looksLikeRunaway(): boolean {
    return now(processor.check(call({ attribution: { agent: "a" } }))).remarks.length > 1;
  }

  function session(durationMs: number): void {
    const own = pace * Math.exp(0.3 * normal());
    const endMs = clock.now() + durationMs;
    while (clock.now() < endMs) {
      step(own);
      const chance = random();
      // A fan-out of parallel calls, or a request that is tried again.
      const more = chance < 0.02 ? 2 + Math.floor(random() * 4) : 0;
      for (let extra = 0; extra < more; extra++) ask(`part ${calls}`);
      const again = chance > 0.98 ? 1 + Math.floor(random() * 4) : 0;
      for (let extra = 0; extra < again; extra++) {
        clock.advance(2 * SECOND_MS);
        ask(`retry ${endMs} ${Math.round(chance * 1e9)}`);
      }
    }
  }

  processor.onRunaway((alert) => alerts.push(alert));
  return {
    alerts,
    get calls() {
      return calls;
    },
    work(days) {
      for (let day = 0; day < days; day++) {
        const midnightMs = Math.floor(clock.now() / DAY_MS) * DAY_MS;
        clock.set(midnightMs + 8 * HOUR_MS);
        const closeMs = midnightMs + 18 * HOUR_MS;
        const atWork = new Date(midnightMs).getUTCDay() % 6 !== 0;
        const untilMs = atWork ? closeMs : midnightMs;
        while (clock.now() < untilMs) {
          session((5 + 55 * random()) * MINUTE_MS);
          clock.advance(Math.round((2 + 40 * random()) * MINUTE_MS));
        }
        clock.set(Math.max(clock.now(), midnightMs + DAY_MS));
      }
    },
    loop() {
      const startMs = clock.now();
      while (clock.now() - startMs < 5 * MINUTE_MS) {
        step(10 * pace);
        if (looksLikeRunaway()) return clock.now() - startMs;
      }
      return undefined;
    },
  };
}

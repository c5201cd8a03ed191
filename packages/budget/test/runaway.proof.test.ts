import { expect, test } from "vitest";
import { createAgent } from "./agent-fleet.ts";
import { createRandom, figure, PROOF_TIMEOUT_MS, scale } from "./proof.ts";

const GUARD = { id: "runaway", acceleration: 5, identicalInARow: 12 } as const;

test(
  "a fleet at work raises at most one alarm per agent and month, and a loop is noticed within a minute",
  { timeout: PROOF_TIMEOUT_MS },
  async () => {
    const random = createRandom(20_260_302);
    const months = scale(4, 300);
    let alarms = 0;
    let calls = 0;
    let missed = 0;
    const noticedMs: number[] = [];
    for (let month = 0; month < months; month++) {
      const agent = createAgent(random, [GUARD]);
      agent.work(30);
      // oxlint-disable-next-line no-await-in-loop -- listeners are called after the running step
      await Promise.resolve();
      alarms += agent.alerts.length;
      calls += agent.calls;
      const afterMs = agent.loop();
      if (afterMs === undefined || afterMs > 60_000) missed++;
      noticedMs.push(afterMs ?? Number.POSITIVE_INFINITY);
    }
    noticedMs.sort((a, b) => a - b);
    const half = (noticedMs[Math.floor(months / 2)] ?? 0) / 1_000;
    figure(
      `runaway: ${months} agent-months, ${calls} calls, ${(alarms / months).toFixed(2)} false alarms a month; ` +
        `10x loops noticed after ${half.toFixed(0)} s (median), ${missed} of ${months} after more than 60 s`,
    );
    expect(alarms / months).toBeLessThanOrEqual(1);
    expect(missed).toBeLessThanOrEqual(months * 0.01);
  },
);

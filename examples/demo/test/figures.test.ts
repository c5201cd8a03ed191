import { describe, expect, it } from "vitest";
import { readFigures, type Figures } from "../src/figures.ts";
import { mergeScrapes } from "../src/merge-scrapes.ts";
import { createThrottleWatch } from "../src/throttle-watch.ts";
import { scrapeOf } from "./scrape.ts";

describe("readFigures", () => {
  it("adds up calls, tokens and both ways of counting money, agent by agent, sorted", () => {
    const merged = mergeScrapes(
      new Map([
        ["writer-2", scrapeOf("writer", "beacon")],
        ["planner-1", scrapeOf("planner", "atlas")],
      ]),
    );
    const { agents, refused } = readFigures(merged);
    const figures = {
      calls: 5,
      inputTokens: 12_000,
      outputTokens: 800,
      ledgerUsd: 0.3,
      metricsUsd: 0.3,
    };
    expect(agents).toEqual([
      { agent: "planner", project: "atlas", ...figures },
      { agent: "writer", project: "beacon", ...figures },
    ]);
    expect(refused).toBe(4);
  });

  it("shows the fullest process of a budget, not the sum of several processes' limits", () => {
    const merged = mergeScrapes(
      new Map([
        ["planner-1", scrapeOf("planner", "atlas")],
        [
          "writer-2",
          scrapeOf("writer", "beacon").map((family) => ({
            ...family,
            samples: family.samples.map((sample) =>
              sample.name === "tollgate_budget_reserved_usd" ? { ...sample, value: 0.01 } : sample,
            ),
          })),
        ],
      ]),
    );
    const figures = readFigures(merged);
    expect(figures.budgets.find(({ budget }) => budget === "writer-cap")).toEqual({
      budget: "writer-cap",
      unit: "usd",
      spent: 0.1,
      reserved: 0.01,
      limit: 0.15,
    });
    expect(figures.callsUnderWay).toBe(true);
  });

  it("is empty before anything was called", () => {
    expect(readFigures([])).toEqual({
      agents: [],
      budgets: [],
      refused: 0,
      throttled: 0,
      throttledSeconds: 0,
      callsUnderWay: false,
    });
  });
});

describe("createThrottleWatch", () => {
  it("tells each wait once, with how long it was", () => {
    const look = createThrottleWatch();
    expect(look(new Map([["r-1", waits(0, 0)]]))).toEqual([]);
    expect(look(new Map([["r-1", waits(1, 1.5)]]))).toEqual([
      { agent: "researcher", calls: 1, waitedSeconds: 1.5 },
    ]);
    expect(look(new Map([["r-1", waits(1, 1.5)]]))).toEqual([]);
    expect(look(new Map([["r-1", waits(3, 4)]]))).toEqual([
      { agent: "researcher", calls: 2, waitedSeconds: 2.5 },
    ]);
  });
});

/** Figures of a process in which so many calls have waited so long altogether. */
function waits(count: number, seconds: number): Figures {
  const histogram = [
    "# TYPE tollgate_budget_throttle_seconds histogram",
    `tollgate_budget_throttle_seconds_sum ${seconds}`,
    `tollgate_budget_throttle_seconds_count ${count}`,
  ];
  return readFigures(scrapeOf("researcher", "atlas", histogram.join("\n")));
}

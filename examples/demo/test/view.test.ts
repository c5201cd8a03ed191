import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFigures, type Figures } from "../src/figures.ts";
import { mergeScrapes } from "../src/merge-scrapes.ts";
import { createPlainView } from "../src/view/plain-view.ts";
import { renderScreen } from "../src/view/screen.ts";
import type { DemoEvent, DemoState } from "../src/view/state.ts";
import { renderJson, renderSummary } from "../src/view/summary.ts";
import { renderTable } from "../src/view/table.ts";
import { formatCount, formatElapsed, truncate, wrap, type Style } from "../src/view/text.ts";
import { scrapeOf } from "./scrape.ts";

const plain: Style = (_format, text) => text;

const FIGURES: Figures = {
  ...readFigures(
    mergeScrapes(
      new Map([
        ["planner-1", scrapeOf("planner", "atlas")],
        ["writer-2", scrapeOf("writer", "beacon")],
      ]),
    ),
  ),
  throttled: 3,
};

const REFUSED: DemoEvent = {
  elapsedMs: 64_000,
  agent: "writer",
  kind: "refused",
  text: '402 Tollgate refused the call: budget "writer-cap": $0.02 of $0.1500 left until 2026-01-01T00:02:00Z, this call may need $0.05',
};

const STATE: DemoState = {
  elapsedMs: 65_000,
  metricsUrl: "http://127.0.0.1:40001/metrics",
  figures: FIGURES,
  events: [{ elapsedMs: 1000, agent: "planner", kind: "done", text: "toll roads" }, REFUSED],
};

describe("the live view", () => {
  it("looks like this in a terminal of 60 columns", () => {
    expect(renderScreen(STATE, { columns: 60, rows: 24 }, plain)).toEqual([
      "Tollgate demo · acme · 01:05",
      "metrics http://127.0.0.1:40001/metrics",
      "",
      "PROJECT  AGENT    CALLS  TOKENS   LEDGER  METRICS",
      "atlas    planner      5     13k  $0.3000  $0.3000",
      "beacon   writer       5     13k  $0.3000  $0.3000",
      "all                  10     26k  $0.6000  $0.6000",
      "",
      "BUDGETS",
      "writer-cap ████████████████░░░░░░░░  67%  $0.1000 of $0.1500",
      "",
      "LAST EVENTS",
      "00:01 planner     done toll roads",
      "01:04 writer      refused 402 Tollgate refused the call:",
      '      budget "writer-cap": $0.02 of $0.1500 left until',
      "      2026-01-01T00:02:00Z, this call may need $0.05",
      "",
      "Ctrl-C stops everything",
    ]);
  });

  it("never exceeds the terminal, whatever its size and whatever happens", () => {
    const event = fc.record({
      elapsedMs: fc.nat(10_000_000),
      agent: fc.constantFrom("planner", "researcher", "writer"),
      kind: fc.constantFrom("done", "throttled", "refused", "failed"),
      text: fc.string({ unit: "grapheme-ascii", maxLength: 300 }),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 30 }),
        fc.integer({ min: 30, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (events, columns, rows) => {
          const lines = renderScreen({ ...STATE, events }, { columns, rows }, plain);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it("is there before any agent has called", () => {
    const lines = renderScreen(
      { ...STATE, figures: readFigures([]), events: [] },
      { columns: 60, rows: 24 },
      plain,
    );
    expect(lines).toContain("all                 0       0   $0.00    $0.00");
  });
});

describe("the summary", () => {
  it("fits 60 columns and ends with what was refused and throttled", () => {
    const lines = renderSummary(FIGURES, 60, plain);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toBe("4 refused, 3 throttled");
  });

  it("is one line of JSON for machines", () => {
    expect(JSON.parse(renderJson(FIGURES, "http://127.0.0.1:1/metrics"))).toEqual({
      agents: [
        { agent: "planner", project: "atlas", calls: 5, ledgerUsd: 0.3, metricsUsd: 0.3 },
        { agent: "writer", project: "beacon", calls: 5, ledgerUsd: 0.3, metricsUsd: 0.3 },
      ],
      refused: 4,
      throttled: 3,
      metricsUrl: "http://127.0.0.1:1/metrics",
    });
  });
});

describe("plain progress lines", () => {
  it("say who, what and why, and the totals every ten seconds", () => {
    let text = "";
    const view = createPlainView((more) => (text += more));
    view.event(REFUSED);
    view.update({ ...STATE, elapsedMs: 9000 });
    view.update({ ...STATE, elapsedMs: 11_000 });
    view.update({ ...STATE, elapsedMs: 12_000 });
    expect(text.split("\n")).toEqual([
      `01:04 writer      refused   ${REFUSED.text}`,
      "00:11 all         total     10 calls, $0.6000, 3 throttled, 4 refused",
      "",
    ]);
  });
});

describe("tables and texts", () => {
  it("shortens names, never figures, when a table is too wide", () => {
    const rows = [{ name: "a-very-long-agent-name", calls: "123456" }];
    const columns = [
      { title: "AGENT", align: "left", cell: (row: { name: string }) => row.name },
      { title: "CALLS", align: "right", cell: (row: { calls: string }) => row.calls },
    ] as const;
    expect(renderTable(rows, columns, 20)).toEqual([
      "AGENT          CALLS",
      "a-very-long…  123456",
    ]);
  });

  it("wraps at spaces, cuts what has none and loses nothing", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("truncates with an ellipsis", () => {
    expect([
      truncate("abc", 3),
      truncate("abcd", 3),
      truncate("abcd", 1),
      truncate("a", 0),
    ]).toEqual(["abc", "ab…", "a", ""]);
  });

  it("shortens counts and times", () => {
    expect([999, 1000, 9949, 9950, 999_499, 999_500].map(formatCount)).toEqual([
      "999",
      "1.0k",
      "9.9k",
      "10k",
      "999k",
      "1.0M",
    ]);
    expect([0, 59_999, 60_000, 6_000_000].map(formatElapsed)).toEqual([
      "00:00",
      "00:59",
      "01:00",
      "100:00",
    ]);
  });
});

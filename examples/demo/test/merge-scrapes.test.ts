import { formatPrometheusText, parsePrometheusText } from "@tollgate/testkit";
import { describe, expect, it } from "vitest";
import { mergeScrapes } from "../src/merge-scrapes.ts";

function merge(scrapes: Readonly<Record<string, string>>): string {
  const parsed = Object.entries(scrapes).map(
    ([instance, text]) => [instance, parsePrometheusText(text)] as const,
  );
  return formatPrometheusText(mergeScrapes(new Map(parsed)));
}

describe("mergeScrapes", () => {
  it("writes each family once and labels every series with its instance", () => {
    const merged = merge({
      "planner-1":
        '# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{agent="planner"} 2\n',
      "writer-2":
        "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total 3\n# TYPE up gauge\nup 1\n",
    });
    expect(merged).toBe(
      [
        "# HELP calls_total Calls.",
        "# TYPE calls_total counter",
        'calls_total{agent="planner",instance="planner-1"} 2',
        'calls_total{instance="writer-2"} 3',
        "# TYPE up gauge",
        'up{instance="writer-2"} 1',
        "",
      ].join("\n"),
    );
  });

  it("keeps the buckets, sums and counts of a histogram together", () => {
    const histogram =
      '# TYPE wait histogram\nwait_bucket{le="+Inf"} 1\nwait_sum 0.5\nwait_count 1\n';
    expect(merge({ a: histogram, b: histogram })).toBe(
      [
        "# TYPE wait histogram",
        'wait_bucket{le="+Inf",instance="a"} 1',
        'wait_sum{instance="a"} 0.5',
        'wait_count{instance="a"} 1',
        'wait_bucket{le="+Inf",instance="b"} 1',
        'wait_sum{instance="b"} 0.5',
        'wait_count{instance="b"} 1',
        "",
      ].join("\n"),
    );
  });

  it("keeps a series' own instance under another name", () => {
    expect(merge({ a: 'up{instance="x"} 1\n' })).toContain(
      'up{exported_instance="x",instance="a"} 1',
    );
  });

  it("takes families of two types as untyped, and the first help there is", () => {
    const merged = merge({
      a: "# TYPE size gauge\nsize 1\n",
      b: "# HELP size How big.\n# TYPE size counter\nsize 2\n",
    });
    expect(merged).toContain("# HELP size How big.\n# TYPE size untyped\n");
  });

  it("is empty when there is nothing", () => {
    expect(merge({})).toBe("");
    expect(merge({ a: "" })).toBe("");
  });
});

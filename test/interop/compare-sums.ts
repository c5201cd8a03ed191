import type { BookedCall, Summary, Sums } from "./booked-calls.ts";
import type { Finding } from "./finding.ts";

const SUMS = ["events", "tokens_in", "tokens_out", "cost_nano_usd", "failed_events"] as const;

/** Where the sums of REST are not the sums of the calls that it lists. */
export function compareSums(booked: readonly BookedCall[], summary: Summary): readonly Finding[] {
  return [
    ...differences("all", sumOf(booked), summary),
    ...groupDifferences(booked, "model", summary),
    ...groupDifferences(booked, "project", summary),
  ];
}

function groupDifferences(
  booked: readonly BookedCall[],
  by: "model" | "project",
  summary: Summary,
): readonly Finding[] {
  const groups = new Map(summary.by[by].map((group) => [group.value, group]));
  const names = new Set([...booked.map((call) => call[by]), ...groups.keys()]);
  return [...names].flatMap((name) => {
    const sums = sumOf(booked.filter((call) => call[by] === name));
    return differences(`${by} ${name ?? "unknown"}`, sums, groups.get(name));
  });
}

function differences(what: string, sums: Sums, told: Sums | undefined): readonly Finding[] {
  return SUMS.flatMap((sum): Finding[] => {
    const got = told?.[sum] ?? 0;
    if (got === sums[sum]) return [];
    const text = `the summary says ${sum} = ${got}, its calls ${sums[sum]}`;
    return [{ kind: "wrong", scenario: what, text }];
  });
}

/** @returns sums in which what is unknown adds nothing. */
export function sumOf(booked: readonly BookedCall[]): Sums {
  const add = (of: (call: BookedCall) => number | null): number =>
    booked.reduce((sum, call) => sum + (of(call) ?? 0), 0);
  return {
    events: booked.length,
    tokens_in: add((call) => call.tokens_in),
    tokens_out: add((call) => call.tokens_out),
    cost_nano_usd: add((call) => call.cost_nano_usd),
    failed_events: add((call) => (call.outcome === "error" ? 1 : 0)),
  };
}

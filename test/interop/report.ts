import type { BookedCall } from "./booked-calls.ts";
import { sumOf } from "./compare-sums.ts";
import type { Finding } from "./finding.ts";
import type { ProviderCall } from "./scenarios.ts";

/** What one way of sending came to. */
export type SenderReport = SenderHead & (Reached | { readonly unreachable: string });

interface SenderHead {
  readonly name: string;
  readonly title: string;
  /** How telemetry travelled: `HTTP`, `gRPC`, and through what. */
  readonly over: string;
  /** Such as `openai 3.57.0`. */
  readonly versions: readonly string[];
}

interface Reached {
  readonly calls: readonly ProviderCall[];
  readonly booked: readonly BookedCall[];
  readonly findings: readonly Finding[];
  readonly notes?: readonly string[];
}

export function isReached(report: SenderReport): report is SenderHead & Reached {
  return "findings" in report;
}

export function findingsOf(report: SenderReport, kind: Finding["kind"]): readonly Finding[] {
  return isReached(report) ? report.findings.filter((finding) => finding.kind === kind) : [];
}

/** What the provider counted and what was booked, as cells of a table. */
export function cellsOf(report: SenderReport): readonly string[] {
  const head = [report.title, report.versions.join("<br>"), report.over];
  if (!isReached(report)) return [...head, "", "", "", "", `not reached: ${report.unreachable}`];
  const { calls, booked } = report;
  const sums = sumOf(booked);
  const asked = (of: (call: ProviderCall) => number | undefined): number =>
    calls.reduce((sum, call) => sum + (of(call) ?? 0), 0);
  return [
    ...head,
    `${booked.length} / ${calls.length}`,
    `${sums.failed_events} / ${calls.filter(({ failed }) => failed).length}`,
    `${sums.tokens_in} / ${asked(({ usage }) => usage?.inputTokens)}`,
    `${sums.tokens_out} / ${asked(({ usage }) => usage?.outputTokens)}`,
    resultOf(report),
  ];
}

function resultOf(report: SenderReport): string {
  const wrong = findingsOf(report, "wrong").length;
  const limits = findingsOf(report, "limit").length;
  if (wrong > 0) return `${wrong} wrong`;
  return limits > 0 ? `ok; ${limits} not told` : "ok";
}

/** One line per finding; the same of several calls is one. */
export function formatFindings(report: SenderReport, kind: Finding["kind"]): readonly string[] {
  return findingsOf(report, kind).map(({ scenario, text }) => `${scenario}: ${text}`);
}

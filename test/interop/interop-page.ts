import type { SenderReport } from "./report.ts";
export const TABLE_HEAD = ["sender", "versions", "over", "calls", "failed", "input tokens", "output tokens", "result"];
export function interopPage(_reports: readonly SenderReport[]): string { return ""; }

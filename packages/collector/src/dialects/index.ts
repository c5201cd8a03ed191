import type { LogRecord, PointRecord, SpanRecord } from "../otlp/records.ts";
import { aiSdkLegacy } from "./ai-sdk-legacy.ts";
import { anthropicSdk } from "./anthropic-sdk.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import type { Dialect } from "./dialect.ts";
import { geminiCli } from "./gemini-cli.ts";
import { gitHubCopilot } from "./github-copilot.ts";
import { instrumentation } from "./instrumentation.ts";
import { langfuse } from "./langfuse.ts";
import { langSmith } from "./langsmith.ts";
import { liteLlm } from "./litellm.ts";
import { openInference } from "./openinference.ts";
import { openLit } from "./openlit.ts";
import { openLlmetry } from "./openllmetry.ts";
import { otelGenAi } from "./otel-gen-ai.ts";
import { otelGenAiLegacy } from "./otel-gen-ai-legacy.ts";
import { otelGenAiLegacyMetrics, otelGenAiMetrics } from "./otel-gen-ai-metrics.ts";
import { sentry } from "./sentry.ts";

/**
 * In the order in which they are asked: what is written by one sender alone before what many write, since most of
 * these write some `gen_ai.*` as well.
 */
export const DIALECTS: readonly Dialect[] = [
  instrumentation,
  claudeCode,
  codex,
  geminiCli,
  gitHubCopilot,
  liteLlm,
  aiSdkLegacy,
  sentry,
  langfuse,
  langSmith,
  openInference,
  openLit,
  anthropicSdk,
  openLlmetry,
  otelGenAi,
  otelGenAiLegacy,
  otelGenAiMetrics,
  otelGenAiLegacyMetrics,
];

/** The dialect that a span is in; `undefined` for one that tells of no model. */
export function dialectOfSpan(span: SpanRecord): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.claimsSpan?.(span));
}

export function dialectOfLog(log: LogRecord): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.claimsLog?.(log));
}

export function dialectOfPoint(point: PointRecord): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.claimsPoint?.(point));
}

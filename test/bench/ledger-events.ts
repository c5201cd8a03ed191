import { randomBytes } from "node:crypto";
import type { LedgerEvent } from "@tollgate/ledger";

/** Calls of a trace, and of a task, which is one session. */
const PER_TRACE = 8;
const PER_TASK = 50;

/** Events as a fleet of agents makes them: traces of eight spans, tasks of fifty, twenty projects, ten agents. */
export function createEventSource(): (count: number) => LedgerEvent[] {
  let made = 0;
  let traceId = "";
  const next = (): LedgerEvent => {
    const number = made++;
    if (number % PER_TRACE === 0) traceId = randomBytes(16).toString("hex");
    const spanId = randomBytes(8).toString("hex");
    const task = Math.floor(number / PER_TASK);
    return {
      key: `span:${traceId}:${spanId}`,
      source: "otel",
      sender: "instance-1",
      id: `${traceId}:${spanId}`,
      timeMs: Date.UTC(2026, 8, 15) + number * 10,
      attribution: {
        organization: "acme",
        project: `project-${task % 20}`,
        task: `TASK-${task}`,
        agent: `agent-${(task + (number % 2)) % 10}`,
        session: `5f2c1d-session-${task}`,
        repository: "github.com/acme/app",
        commit: `0123456789abcdef0123456789abcdef${String(task % 300).padStart(8, "0")}`,
      },
      provider: "openai",
      operation: "chat",
      api: "openai.chat",
      requestModel: "gpt-5-mini",
      responseModel: "gpt-5-mini-2025-08-07",
      responseId: `resp_${traceId}`,
      streaming: false,
      usage: { inputTokens: 1_000 + (number % 100), outputTokens: 200, cacheReadTokens: 0 },
      additionalUsage: [],
      estimated: false,
      cost: {
        totalNanoUsd: 1_234_567,
        parts: { input: 1_000_000, output: 234_567 },
        priceSource: "catalogue",
        pricedModel: "gpt-5-mini",
        match: "exact",
        catalogueVersion: "genai-prices/0.1.8",
        catalogueDate: "2026-09-23",
      },
      outcome: "ok",
      errorType: undefined,
      finishReasons: ["stop"],
      toolCalls: [],
      durationMs: 1_234.5,
      timeToFirstChunkMs: undefined,
      chunks: undefined,
      traceId,
      spanId,
    };
  };
  return (count) => Array.from({ length: count }, next);
}

/** What a bare insert writes of an event: its key, a few columns, all of it as JSON. */
export function bareRow(event: LedgerEvent): readonly (string | number)[] {
  const { key, timeMs, attribution, usage, cost } = event;
  const { organization, project, task, agent, session, repository, commit } = attribution;
  const texts = [organization, project, task, agent, session, repository, commit];
  return [
    key,
    timeMs,
    ...texts.map((text) => text ?? ""),
    usage?.inputTokens ?? 0,
    usage?.outputTokens ?? 0,
    cost.totalNanoUsd ?? 0,
    JSON.stringify(event),
  ];
}

/** For {@link bareRow}. */
export const BARE_COLUMNS: readonly string[] = [
  "key TEXT NOT NULL UNIQUE",
  "time_ms BIGINT",
  ...["organization", "project", "task", "agent", "session", "repository", "commit_id"].map(
    (name) => `${name} TEXT`,
  ),
  "input_tokens BIGINT",
  "output_tokens BIGINT",
  "cost BIGINT",
  "event TEXT",
];

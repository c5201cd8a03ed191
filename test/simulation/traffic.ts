import type { Attribution } from "@tollgate/core";

/** A kind of call that is made again and again. */
export interface Workload {
  readonly instance: "api" | "worker" | "collector";
  readonly attribution: Attribution;
  readonly provider: string;
  readonly model: string;
  /** At noon of a working day. */
  readonly callsPerHour: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Shares of the tokens. */
  readonly cacheShare: number;
  readonly reasoningShare: number;
  readonly seconds: number;
  readonly streaming: boolean;
  /** Hours after the beginning of the week at which it is made for the first time. */
  readonly bornAfterHours?: number;
}

const call = (
  instance: Workload["instance"],
  names: string,
  model: string,
  callsPerHour: number,
  tokens: readonly [input: number, output: number],
  more: Partial<Workload> = {},
): Workload => {
  const [organization = "", project = "", agent = ""] = names.split("/");
  const [provider = "", name = ""] = model.split(":");
  const [inputTokens, outputTokens] = tokens;
  return {
    instance,
    attribution: { organization, project, ...(agent !== "" && { agent }) },
    provider,
    model: name,
    callsPerHour: 4 * callsPerHour,
    inputTokens,
    outputTokens,
    cacheShare: 0.4,
    reasoningShare: 0,
    seconds: 3,
    streaming: true,
    ...more,
  };
};

export const WORKLOADS: readonly Workload[] = [
  call("api", "acme/atlas/planner", "openai:gpt-5-mini", 90, [6_000, 700], {
    reasoningShare: 0.4,
    cacheShare: 0.6,
  }),
  call("api", "acme/atlas/researcher", "anthropic:claude-sonnet-4-5", 60, [14_000, 900], {
    cacheShare: 0.75,
    seconds: 8,
  }),
  call("api", "acme/beacon/writer", "openai:gpt-5", 35, [3_000, 1_800], {
    reasoningShare: 0.3,
    seconds: 14,
  }),
  call("worker", "globex/helpdesk/support-bot", "google:gemini-2.5-flash", 160, [2_500, 300], {
    seconds: 1.5,
    bornAfterHours: 40,
  }),
  call("worker", "globex/helpdesk/triage", "openai:gpt-5-nano", 220, [900, 40], {
    streaming: false,
    seconds: 0.8,
    cacheShare: 0.1,
  }),
  call("worker", "acme/atlas/indexer", "acme-inference:atlas-llama-ft", 12, [4_000, 200], {
    bornAfterHours: 120,
    cacheShare: 0,
  }),
  call("collector", "acme/web/claude-code", "anthropic:claude-sonnet-4-5", 70, [42_000, 600], {
    cacheShare: 0.92,
    seconds: 9,
  }),
  call("collector", "acme/api/claude-code", "anthropic:claude-haiku-4-5", 40, [18_000, 300], {
    cacheShare: 0.9,
    seconds: 3,
  }),
  call("collector", "acme/gemini-cli/", "google:gemini-2.5-pro", 25, [22_000, 500], {
    cacheShare: 0.7,
    reasoningShare: 0.3,
    seconds: 7,
  }),
  call("collector", "globex/mobile/codex", "openai:gpt-5-codex", 45, [26_000, 900], {
    cacheShare: 0.85,
    reasoningShare: 0.5,
    seconds: 11,
  }),
];

const HOUR_MS = 3_600_000;

/** More at noon than at night, less at weekends (UTC). */
export function activity(timeMs: number): number {
  const date = new Date(timeMs);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  const byHour = 0.12 + 0.88 * Math.max(0, Math.cos(((hour - 13) / 24) * 2 * Math.PI)) ** 1.5;
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return byHour * (isWeekend ? 0.35 : 1);
}

/** What goes wrong before the end of the week. */
export interface Trouble {
  /** How many times as many calls. */
  readonly factor: number;
  readonly errorShare: number;
  readonly errorType: string;
  readonly cacheFactor: number;
}

const CALM: Trouble = { factor: 1, errorShare: 0.006, errorType: "500", cacheFactor: 1 };

export function troubleOf({ attribution, provider }: Workload, beforeEndMs: number): Trouble {
  const hours = beforeEndMs / HOUR_MS;
  // An agent that does not stop.
  if (attribution.agent === "researcher" && hours < 5 && hours > 3.5) return { ...CALM, factor: 7 };
  // A provider that is overloaded.
  if (provider === "anthropic" && hours < 2.5 && hours > 1.5) {
    return { ...CALM, errorShare: 0.18, errorType: "529" };
  }
  // A date at the beginning of a prompt.
  if (attribution.agent === "planner" && hours < 8) return { ...CALM, cacheFactor: 0.2 };
  return CALM;
}

import type { UsageEvent } from "@tollgate/core";
import { expectedOutcome, USUAL_USAGE, type ExpectedOutcome } from "./provider-script.ts";
import type { SentRequest } from "./run-app.ts";

/** Of the scenarios "… retried". */
const FAILED_ATTEMPTS = 2;

/** Whether every attempt that reached the provider was told of once, and truly. */
export function judgeEvents(
  scenario: string,
  attempts: readonly SentRequest[],
  events: readonly UsageEvent[],
): string[] {
  // What never left may be told of too.
  const sent = events.filter(({ errorType }) => errorType !== "ECONNREFUSED");
  if (/aborted before/.test(scenario)) return [];
  if (sent.length !== attempts.length) {
    return [`${attempts.length} attempts, ${sent.length} events`];
  }
  if (new Set(events.map(({ id }) => id)).size !== events.length) return ["an event came twice"];
  const expected = expectedOutcome(scenario);
  const isCounted = attempts.every(asksForCounts);
  return sent.flatMap((event, index) => {
    if (/retried/.test(scenario) && index < FAILED_ATTEMPTS) return judgeEvent("error", event);
    const found = judgeEvent(expected, event);
    return expected === "ok" && isCounted ? [...found, ...judgeUsage(scenario, event)] : found;
  });
}

function judgeEvent(expected: ExpectedOutcome, event: UsageEvent): string[] {
  const { outcome, estimated, errorType } = event;
  if (expected === "either") return [];
  // Without counts some clients fail, and then leave the answer.
  if (expected === "estimated") return estimated ? [] : ["counts that nobody gave"];
  return outcome === expected ? [] : [`outcome ${outcome} (${errorType}), not ${expected}`];
}

/** OpenAI's chat streams have no counts unless asked for. */
function asksForCounts({ path, body }: SentRequest): boolean {
  if (!path.startsWith("/v1/chat/completions")) return true;
  const text = JSON.stringify(body);
  return !text.includes('"stream":true') || text.includes('"include_usage":true');
}

/** Counts that an API reports; all report input, and all but embeddings output. */
function judgeUsage(scenario: string, { api, usage, estimated }: UsageEvent): string[] {
  if (estimated) return ["the provider's counts were not read"];
  const expected = {
    inputTokens: USUAL_USAGE.inputTokens,
    ...(!/embed/.test(api) &&
      !/limited/.test(scenario) && { outputTokens: USUAL_USAGE.outputTokens }),
    ...(!/embed|cohere|ollama|transcriptions/.test(api) && {
      cacheReadTokens: USUAL_USAGE.cacheReadTokens,
    }),
  };
  return Object.entries(expected).flatMap(([name, count]) => {
    const found = Object.entries(usage ?? {}).find(([key]) => key === name)?.[1];
    return found === count ? [] : [`${name} is ${found}, not ${count}`];
  });
}
